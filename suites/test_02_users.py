"""Users: created, found, changed and removed."""

from fixtures.marks import requirement
from fixtures.people import Guest, Namesakes
from golive.connect import ConnectClient
from golive.outcomes import Inconclusive, Owner


@requirement("DEV-USERS", "BE-3")
def test_a_user_is_created_with_what_was_asked(guest: Guest) -> None:
    """A user is created with e-mail address, locale and external id."""
    assert guest.user.id, "the created user has no id"
    assert guest.user.email == guest.email, "created with another e-mail address"
    assert guest.user.locale == "en", "created with another locale"
    assert guest.user.external_id == guest.external_id, "created with another external id"


@requirement("DEV-USERS", "BE-3")
def test_a_user_reads_back_equal(connect: ConnectClient, guest: Guest) -> None:
    """A created user reads back as it was created."""
    user = connect.get_user(guest.user.id)
    assert user.id == guest.user.id, "reads back with another id"
    assert user.email == guest.email, "reads back with another e-mail address"
    assert user.locale == "en", "reads back with another locale"
    assert user.external_id == guest.external_id, "reads back with another external id"


@requirement("DEV-USERS", "BE-3")
def test_a_user_is_found_by_id(connect: ConnectClient, guest: Guest) -> None:
    """A search for the user's id finds the user exactly once."""
    found = [user.id for user in connect.list_users(search=guest.user.id)]
    assert found.count(guest.user.id) == 1, f"found {found.count(guest.user.id)} times"


@requirement("DEV-USERS", "BE-3")
def test_a_user_is_found_by_external_id(connect: ConnectClient, guest: Guest) -> None:
    """A search for the external id finds the user exactly once, and nobody else's user."""
    found = list(connect.list_users(search=guest.external_id))
    assert [user.id for user in found] == [guest.user.id], f"found {len(found)} users, or another one"


@requirement("DEV-USERS", "BE-3")
def test_a_list_that_needs_paging_holds_each_user_once(connect: ConnectClient, namesakes: Namesakes) -> None:
    """Users who share a stem of their external ids are listed exactly once each, one to a page."""
    listed = [user.id for user in connect.list_users(search=namesakes.stem, page_size=1)]
    if not listed:
        raise Inconclusive("the search finds no part of an external id: paging was not shown", owner=Owner.ENVIRONMENT)
    assert sorted(listed) == sorted(namesakes.ids), f"{len(listed)} listed, {len(set(listed))} of them different"


@requirement("DEV-USERS")
def test_a_user_is_updated(connect: ConnectClient, passing_guest: Guest) -> None:
    """A change of locale and e-mail address is kept, and leaves the external id alone."""
    email = passing_guest.email.replace("@", ".changed@")
    connect.update_user(passing_guest.user.id, locale="de", email=email)
    user = connect.get_user(passing_guest.user.id)
    assert user.locale == "de", "the change of locale was not kept"
    assert user.email == email, "the change of e-mail address was not kept"
    assert user.external_id == passing_guest.external_id, "the external id changed, though nobody asked for it"


@requirement("DEV-USERS")
def test_a_deleted_user_is_gone(connect: ConnectClient, passing_guest: Guest) -> None:
    """A soft-deleted user is neither read nor found any more."""
    connect.delete_user(passing_guest.user.id)
    found = [user.id for user in connect.list_users(search=passing_guest.external_id)]
    assert passing_guest.user.id not in found, "the deleted user is still listed"
    answer = connect.send("GET", f"/users/{passing_guest.user.id}/")
    assert answer.status == 404, f"the deleted user is answered with {answer.status}"
