"""An OpenAPI document: read, checked as far as it will be used, and walked by pointers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

MOST_BYTES: Final = 5_000_000
"""A larger document is refused."""

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VERSION: Final = re.compile(r"3\.(0|1)(?:\.\d+)?")
_MOST_HOPS: Final = 50
"""References in a row, each leading to the next."""


class UnreadableContract(Exception):  # noqa: N818 - a refusal of what was given
    """The document cannot be used; the message says why and what to do, in one line without the place."""


@dataclass(frozen=True)
class Node:
    """A value in the document and the JSON pointer that leads to it."""

    contract: Contract
    pointer: str
    value: Any

    def get(self, key: str) -> Node | None:
        """What stands under `key`, references followed; None where nothing does."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return self.contract.followed(Node(self.contract, f"{self.pointer}/{_escaped(key)}", self.value[key]))

    def items(self) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping, references followed."""
        for key in self.value if isinstance(self.value, dict) else ():
            if (node := self.get(key)) is not None:
                yield key, node

    def elements(self) -> Iterator[Node]:
        """The elements of a list, references followed."""
        for index, value in enumerate(self.value if isinstance(self.value, list) else ()):
            yield self.contract.followed(Node(self.contract, f"{self.pointer}/{index}", value))

    def plain(self, key: str, default: Any = None) -> Any:
        """The value under `key` as it stands."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default


@dataclass(frozen=True)
class PublishedOperation:
    """One operation of the document; `name` is its operationId or, without one, its method and path."""

    name: str
    method: str
    path: str
    item: Node
    node: Node

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the paths of this operation; each path parameter is a group `p0`, `p1`, … in order."""
        parts = re.split(r"(\{[^{}]*\})", self.path)
        groups = (f"(?P<p{n // 2}>[^/]+)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
        return re.compile("".join(groups))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The path parameters in order."""
        return tuple(re.findall(r"\{([^{}]*)\}", self.path))

    def parameters(self) -> list[Node]:
        """The operation's parameters and those of its path that it does not define anew."""
        found: dict[tuple[Any, Any], Node] = {}
        for holder in (self.item, self.node):
            listed = holder.get("parameters")
            for parameter in listed.elements() if listed else ():
                found[parameter.plain("name"), parameter.plain("in")] = parameter
        return list(found.values())


class Contract:
    """A checked OpenAPI 3.0 or 3.1 document. `minor` is 0 or 1, `base_paths` are the paths of its servers."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.tree = tree
        self.minor = int(_VERSION.fullmatch(str(tree["openapi"]))[1])  # type: ignore[index]
        self.root = Node(self, "", tree)

    @cached_property
    def operations(self) -> tuple[PublishedOperation, ...]:
        """All operations, those with fewer path parameters first: a concrete path wins over a template."""
        found = []
        paths = self.root.get("paths")
        for path, item in paths.items() if paths else ():
            for method in METHODS:
                if (node := item.get(method)) is not None:
                    name = node.plain("operationId") or f"{method.upper()} {path}"
                    found.append(PublishedOperation(str(name), method.upper(), path, item, node))
        return tuple(sorted(found, key=lambda operation: len(operation.names)))

    @cached_property
    def base_paths(self) -> tuple[str, ...]:
        """The paths of the servers, without a slash at the end, longest first; their hosts do not matter."""
        servers = self.tree.get("servers")
        found = {_server_path(server) for server in servers if isinstance(server, dict)} if servers else set()
        return tuple(sorted(found or {""}, key=len, reverse=True))

    def operation_for(self, method: str, path: str) -> tuple[PublishedOperation, re.Match[str]] | None:
        """The operation that answers at `path` below the API's address, None where there is none."""
        for base in self.base_paths:
            if path.startswith(f"{base}/"):
                for operation in self.operations:
                    match = operation.pattern.fullmatch(path[len(base) :])
                    if match is not None and operation.method == method.upper():
                        return operation, match
        return None

    def followed(self, node: Node) -> Node:
        """`node`, or what its `$ref` leads to; raises `UnreadableContract` where that is nothing."""
        hops = 0
        while isinstance(node.value, dict) and isinstance(ref := node.value.get("$ref"), str):
            hops += 1
            if hops > _MOST_HOPS:
                raise UnreadableContract(f"has references in a circle at {_shown(ref)}; publish it anew without them")
            node = self.at(ref)
        return node

    def at(self, ref: str) -> Node:
        """What a reference within the document leads to; raises `UnreadableContract`."""
        if not ref.startswith("#"):
            raise UnreadableContract(f"refers to {_shown(ref)} outside of itself; bundle it into one file")
        value: Any = self.tree
        for part in ref[1:].split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(key)] if isinstance(value, list) else value[key]
            except (LookupError, TypeError, ValueError):
                raise UnreadableContract(f"refers to {_shown(ref)}, which is not in it; publish it whole") from None
        return Node(self, ref[1:], value)


def read_contract(text: str | bytes) -> Contract:
    """The document in `text`, YAML or JSON.

    Raises `UnreadableContract` for anything but an OpenAPI 3.0 or 3.1 document of at most `MOST_BYTES` bytes with
    operations, and for a reference that leads nowhere or out of it.
    """
    if len(text) > MOST_BYTES:
        raise UnreadableContract(f"is larger than {MOST_BYTES} bytes; give an OpenAPI document")
    tree = _parsed(text)
    if not isinstance(tree, dict) or not isinstance(tree.get("openapi"), str):
        raise UnreadableContract("is no OpenAPI document: it has no text under the key openapi; give one of 3.0 or 3.1")
    if not _VERSION.fullmatch(tree["openapi"]):
        raise UnreadableContract(f"is of OpenAPI version {_shown(tree['openapi'])}; give one of 3.0 or 3.1")
    contract = Contract(tree)
    for ref in _references(tree):
        contract.followed(contract.at(ref))
    if not contract.operations:
        raise UnreadableContract("describes no operation under the key paths; give the document of the Connect API")
    return contract


def _parsed(text: str | bytes) -> Any:
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        return json.loads(decoded) if decoded.lstrip().startswith("{") else _yaml(decoded)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise UnreadableContract(f"is neither YAML nor JSON{_where(fault)}; give an OpenAPI document") from None


def _yaml(text: str) -> Any:
    import yaml  # type: ignore[import-untyped]  # late: only who gives YAML pays for it

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        """YAML with the values that JSON has: `no` and a date stay texts. Not the loader in C, which takes the whole
        process down with a deeply nested text."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in resolvers if tag.rsplit(":", 1)[-1] not in ("timestamp", "bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false|True|False"), list("tTfF"))
    try:
        return _with_text_keys(yaml.load(text, Loader))  # noqa: S506 - a safe loader, narrowed
    except (yaml.YAMLError, ValueError) as fault:
        raise UnreadableContract(f"is neither YAML nor JSON{_where(fault)}; give an OpenAPI document") from None


def _with_text_keys(tree: Any) -> Any:
    """The tree with texts for keys, such as the `200` of a status; what is shared in it stays shared."""
    done: dict[int, Any] = {}

    def walk(value: Any) -> Any:
        if not isinstance(value, (dict, list)):
            return value
        if id(value) not in done:
            copy: Any = {} if isinstance(value, dict) else []
            done[id(value)] = copy
            if isinstance(value, dict):
                copy.update((str(key), walk(item)) for key, item in value.items())
            else:
                copy.extend(walk(item) for item in value)
        return done[id(value)]

    return walk(tree)


def _references(tree: Any) -> Iterator[str]:
    """Every `$ref` of the document; what is under `example` or is data of an enumeration is none."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, list):
            waiting += value
            continue
        if isinstance(ref := value.get("$ref"), str):
            yield ref
        waiting += [item for key, item in value.items() if key not in ("example", "examples", "enum", "default")]


def _server_path(server: Mapping[str, Any]) -> str:
    url = str(server.get("url", ""))
    variables = server.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        if isinstance(variable, dict):
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""


def _escaped(key: str) -> str:
    return quote(key.replace("~", "~0").replace("/", "~1"), safe="~")


def _where(fault: Exception) -> str:
    mark = getattr(fault, "problem_mark", None)
    line = getattr(fault, "lineno", None) or (mark.line + 1 if mark is not None else None)
    return f" (line {line})" if line else ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
