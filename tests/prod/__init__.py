"""No way leads to the production host: each is walked while its name leads to a server here that counts who comes."""
