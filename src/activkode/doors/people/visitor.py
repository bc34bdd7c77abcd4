"""Who is asking: the one place where a request becomes a customer's id. Must never take an id from an address or a form."""

from django.http import HttpRequest

from activkode.identity.models import User

# In META of a request to the console: whether the member of staff has a second factor.
SECOND_FACTOR = "activkode.second_factor"


def user(request: HttpRequest) -> User:
    """The signed-in person; LoginRequiredMiddleware has let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def user_id(request: HttpRequest) -> int:
    """The signed-in person's id, which is their customer id everywhere."""
    return user(request).id


def is_staff(request: HttpRequest) -> bool:
    """Whether the operator console opens."""
    return user(request).is_staff
