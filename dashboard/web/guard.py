"""The only way to add a page, a callback or an address: each names who may use it. Never decides that by itself."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

import dash
from flask import Flask, current_app, g, has_request_context
from flask_login import current_user
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from dashboard.protection import policy
from dashboard.protection.policy import PUBLIC, Reach, Viewer
from dashboard.record.house import House
from dashboard.reference.text import N_, _

Function = TypeVar("Function", bound=Callable[..., Any])

# The two permissions that are no row of the policy table: a door that must open before anybody can be known, and one
# that opens to whoever is known. Both must be written out: a permission left out stops the start.
EVERYBODY: Final = "everybody"
SIGNED_IN: Final = "signed in"

OPEN: Final = "/open/"
"""Before the addresses by which Dash's public pages are drawn (see `open_door`)."""

SIGN_IN_FIRST = N_("Sign in to see this. If you were signed in, your session ended because nobody used it.")
UNKNOWN_CALLBACK = N_("There is nothing here that may be called by that name.")


class GuardError(Exception):
    """Something was registered in a way that the guard refuses; the text says what and how to mend it."""


Known = Callable[[House, Mapping[str, str]], bool]


@dataclass(frozen=True)
class Page:
    """A Dash page. `charts` says that it draws charts, so that the drawing library is fetched beside the rest.

    `public` keeps cookies and sessions out of it: whoever comes is nobody, and reads what was published.
    `known` says of the parts of an address whether there is such a page; `requirements` are those that it serves.
    """

    module: str
    path: str
    title: str
    permission: str
    layout: Callable[..., Any]
    nav: str | None
    order: int
    path_template: str | None
    charts: bool
    public: bool = False
    known: Known | None = None
    requirements: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        return self.path_template or self.path

    @property
    def endpoint(self) -> str:
        return f"page:{self.rule}"


@dataclass(frozen=True)
class Route:
    """A plain address. `csrf` false is for doors that a browser cannot reach; `public` keeps cookies out of it."""

    rule: str
    endpoint: str
    view: Callable[..., Any]
    permission: str
    methods: tuple[str, ...]
    csrf: bool
    public: bool
    nav: str | None
    order: int
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Callback:
    """A server callback: Dash's own arguments, and who may call it; a `public` one may be called by nobody known."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    permission: str
    public: bool = False


@dataclass
class Registry:
    """Everything that was registered. There is one, filled while the pages are imported; tests may hold another."""

    pages: list[Page] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    callbacks: list[Callback] = field(default_factory=list)
    clientside: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    def page(
        self,
        module: str,
        *,
        path: str,
        title: str,
        permission: str,
        layout: Callable[..., Any],
        nav: str | None = None,
        order: int = 0,
        path_template: str | None = None,
        charts: bool = False,
        public: bool = False,
        known: Known | None = None,
        requirements: Sequence[str] = (),
    ) -> None:
        if not callable(layout):
            raise GuardError(f"The layout of the page {path} is no function: what it holds would go to everybody.")
        made = Page(
            module, path, title, permission, layout, nav, order, path_template, charts, public, known, (*requirements,)
        )
        if any(other.rule == made.rule for other in self.pages):
            raise GuardError(f"Two pages share the address {made.rule}.")
        self.pages.append(made)

    def callback(
        self, *arguments: Any, permission: str, public: bool = False, **options: Any
    ) -> Callable[[Function], Function]:
        for refused in ("background", "api_endpoint", "websocket", "mcp_enabled"):
            if options.get(refused):
                raise GuardError(f"Callbacks with {refused} would be a way in that the gate does not see.")

        def register(function: Function) -> Function:
            self.callbacks.append(Callback(function, arguments, options, permission, public))
            return function

        return register

    def route(
        self,
        rule: str,
        *,
        permission: str,
        methods: Sequence[str] = ("GET",),
        csrf: bool = True,
        public: bool = False,
        nav: str | None = None,
        order: int = 0,
        endpoint: str = "",
        requirements: Sequence[str] = (),
    ) -> Callable[[Function], Function]:
        def register(view: Function) -> Function:
            name = endpoint or f"{'/'.join(methods)} {rule}"
            self.routes.append(
                Route(rule, name, view, permission, tuple(methods), csrf, public, nav, order, (*requirements,))
            )
            return view

        return register


REGISTRY: Final = Registry()


def page(
    module_name: str,
    *,
    path: str,
    title: str,
    permission: str,
    layout: Callable[..., Any],
    nav: str | None = None,
    order: int = 0,
    path_template: str | None = None,
    charts: bool = False,
    public: bool = False,
    known: Known | None = None,
    requirements: Sequence[str] = (),
) -> None:
    """Add a page that Dash draws. `layout` is called with the parts of the address and of the query it asks for."""
    REGISTRY.page(
        module_name,
        path=path,
        title=title,
        permission=permission,
        layout=layout,
        nav=nav,
        order=order,
        path_template=path_template,
        charts=charts,
        public=public,
        known=known,
        requirements=requirements,
    )


def callback(*arguments: Any, permission: str, **options: Any) -> Callable[[Function], Function]:
    """Dash's `callback`, with the permission that its caller needs."""
    return REGISTRY.callback(*arguments, permission=permission, **options)


def clientside(function: Any, *arguments: Any, **options: Any) -> None:
    """Dash's `clientside_callback`. It runs in the browser and reaches nothing, so it needs no permission."""
    REGISTRY.clientside.append((function, arguments, options))


def route(
    rule: str,
    *,
    permission: str,
    methods: Sequence[str] = ("GET",),
    csrf: bool = True,
    public: bool = False,
    nav: str | None = None,
    order: int = 0,
    endpoint: str = "",
    requirements: Sequence[str] = (),
) -> Callable[[Function], Function]:
    """Flask's `route`, with the permission that its caller needs."""
    return REGISTRY.route(
        rule,
        permission=permission,
        methods=methods,
        csrf=csrf,
        public=public,
        nav=nav,
        order=order,
        endpoint=endpoint,
        requirements=requirements,
    )


def house() -> House:
    """The house of the running app."""
    return cast(House, current_app.extensions["dashboard.house"])


def registry() -> Registry:
    """What the running app was built from."""
    return cast(Registry, current_app.extensions["dashboard.registry"])


def serving() -> dict[tuple[str, str], tuple[str, ...]]:
    """The requirements that each page names, by its title and address."""
    registered = registry()
    found = {(_(p.title), p.path): p.requirements for p in registered.pages}
    found |= {(_(r.nav or r.rule), r.rule): r.requirements for r in registered.routes}
    return {link: numbers for link, numbers in found.items() if numbers}


def current_viewer() -> Viewer:
    """Who is looking; outside a request and on the public folder always the public."""
    if not has_request_context() or g.get("nobody", False):
        return PUBLIC
    return cast(Viewer, getattr(current_user, "viewer", PUBLIC))


def admit(permission: str) -> None:
    """Raise Unauthorized or Forbidden, with a sentence, unless the current viewer holds the permission.

    The public's reach RELEASE is the public folder, which has its own door; it opens none of these.
    """
    if permission == EVERYBODY:
        return
    viewer = current_viewer()
    if permission == SIGNED_IN:
        if not viewer.signed_in:
            raise Unauthorized(_(SIGN_IN_FIRST))
        return
    decision = policy.may(viewer, permission)
    if not viewer.signed_in and (not decision.allowed or policy.reach(viewer, permission) <= Reach.RELEASE):
        raise Unauthorized(_(SIGN_IN_FIRST))
    if not decision.allowed:
        raise Forbidden(_(decision.reason))


def admitted(viewer: Viewer, permission: str) -> bool:
    """Whether a link to this should be shown to the viewer. The gate asks again when she follows it."""
    if permission in (EVERYBODY, SIGNED_IN):
        return permission == EVERYBODY or viewer.signed_in
    return policy.may(viewer, permission).allowed and (
        viewer.signed_in or policy.reach(viewer, permission) > Reach.RELEASE
    )


def guarded(function: Callable[..., Any], permission: str, public: bool = False) -> Callable[..., Any]:
    """The function behind its permission. `entered` tells a fault of ours from a request that Dash could not read."""

    @functools.wraps(function)
    def asked(*arguments: Any, **named: Any) -> Any:
        if has_request_context():
            g.entered = True
        admit(permission)
        return function(*arguments, **named)

    asked.__permission__ = permission  # type: ignore[attr-defined]
    asked.__public__ = public  # type: ignore[attr-defined]
    return asked


def draw(shown: Page, parts: dict[str, Any], query: dict[str, list[str]]) -> Any:
    """A page's layout for the current viewer. Never hands a layout what it did not ask for by name.

    A part of the address wins over a query of the same name. Of a repeated query the last one counts, unless the
    layout's parameter is annotated as a list. A parameter `query` annotated as a Mapping gets the last of each.
    Raises NotFound where the page says that it does not know the parts.
    """
    admit(shown.permission)
    if shown.known is not None and not shown.known(house(), parts):
        raise NotFound
    asked = inspect.signature(shown.layout).parameters
    values: dict[str, Any] = {}
    for name, parameter in asked.items():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            continue
        if name in parts:
            values[name] = parts[name]
        elif name == "query" and "Mapping" in str(parameter.annotation):
            values[name] = {one: said[-1] for one, said in query.items()}
        elif name in query:
            values[name] = query[name] if "list" in str(parameter.annotation) else query[name][-1]
    return shown.layout(**values)


def _index(shown: Page, index: Callable[..., Any]) -> Callable[..., Any]:
    """Dash's own view of a page, or 404 where the page does not know the parts of the address. The gate comes first."""
    if shown.known is None:
        return index
    known = shown.known

    def view(**parts: str) -> Any:
        if not known(house(), parts):
            raise NotFound
        return index(**parts)

    return view


def check(registered: Registry) -> None:
    """Refuse to start when a permission is missing or unknown, or asks who nobody is. Raises GuardError."""
    named = [(f"The page {p.rule}", p.permission) for p in registered.pages]
    named += [(f"The address {r.rule}", r.permission) for r in registered.routes]
    named += [
        (f"The callback {c.function.__module__}.{c.function.__name__}", c.permission) for c in registered.callbacks
    ]
    for what, permission in named:
        if not permission:
            raise GuardError(f"{what} names no permission. Name an action of dashboard/protection/policy.py.")
        if permission not in (EVERYBODY, SIGNED_IN) and permission not in policy.ACTIONS:
            raise GuardError(f"{what} names the permission “{permission}”, which the policy table does not hold.")
    public = [(f"The page {p.rule}", p.permission) for p in registered.pages if p.public]
    public += [(f"The address {r.rule}", r.permission) for r in registered.routes if r.public]
    public += [(f"The callback {c.function.__name__}", c.permission) for c in registered.callbacks if c.public]
    for what, permission in public:
        if permission != EVERYBODY:
            raise GuardError(f"{what} is public, where nobody is asked who she is: its permission is “{EVERYBODY}”.")


def install(app: dash.Dash, server: Flask, the_house: House, registered: Registry = REGISTRY) -> None:
    """Put everything registered into this app. Raises GuardError when something names no permission."""
    check(registered)
    server.extensions["dashboard.house"] = the_house
    server.extensions["dashboard.registry"] = registered
    for shown in registered.pages:
        server.add_url_rule(shown.rule, shown.endpoint, _index(shown, app.index), methods=["GET"])
    for plain in registered.routes:
        server.add_url_rule(
            plain.rule, plain.endpoint, guarded(plain.view, plain.permission), methods=list(plain.methods)
        )
        if not plain.csrf:
            server.extensions["csrf"].exempt(server.view_functions[plain.endpoint])
    for entry in registered.callbacks:
        app.callback(*entry.arguments, **entry.options)(guarded(entry.function, entry.permission, entry.public))
    for function, arguments, options in registered.clientside:
        app.clientside_callback(function, *arguments, **options)  # type: ignore[no-untyped-call]
