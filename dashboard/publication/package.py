"""Describe the open data as a Data Package, so that a program can read it without asking. Never holds a figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from dashboard.publication.contents import Contents
from dashboard.publication.files import DEMO, DEMO_MEANS
from dashboard.publication.resource import FOLDER, HXL, Field, Resource
from dashboard.reference.text import _

PATH = f"{FOLDER}/datapackage.json"


def package(contents: Contents, listed: tuple[Resource, ...], texts: Mapping[str, str]) -> str:
    """datapackage.json (Frictionless Data Package) of these tables, whose files are among `texts` by path."""
    programme = contents.library.programme
    demo = [f"{_(DEMO)}: {_(DEMO_MEANS)}"] if contents.demo else []
    said: dict[str, Any] = {
        "name": "coordination-dashboard",
        "id": contents.release_id,
        "title": " ".join([*([f"[{_(DEMO)}]"] if contents.demo else []), _(programme.name), contents.period]),
        "description": " ".join([*demo, _(programme.what), contents.caveat]),
        "version": contents.release_id,
        "created": f"{contents.day.isoformat()}T00:00:00Z",
        "profile": "data-package",
        "keywords": ["violence against women", "women migrant workers", "national action plans", "essential services"],
        "contributors": [{"title": _(programme.name), "role": "publisher"}],
        "caveat": contents.caveat,
        "demonstration": contents.demo,
        "threshold": contents.rules.threshold,
    }
    if contents.home:
        said["homepage"] = contents.home
    if programme.licence:
        licence = {"name": programme.licence, "title": programme.licence_title, "path": programme.licence_url}
        said["licenses"] = [{name: value for name, value in licence.items() if value}]
    said["resources"] = [
        _resource(contents, resource, ending, texts[f"{FOLDER}/{resource.name}{ending}.csv"])
        for resource in listed
        for ending in ("", HXL)
    ]
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _resource(contents: Contents, resource: Resource, ending: str, text: str) -> dict[str, Any]:
    held = text.encode()
    demo = [f"{_(DEMO)}."] if contents.demo else []
    hxl = [_("With a second row of HXL hashtags.")] if ending else []
    said: dict[str, Any] = {
        "name": resource.name + ending,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": resource.title,
        "description": " ".join([*demo, resource.description, *hxl, *resource.caveats]),
        "path": f"{resource.name}{ending}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(held).hexdigest()}",
        "bytes": len(held),
        "caveats": list(resource.caveats),
        "sources": [{"title": resource.source}],
        "schema": {
            "fields": [_field(field) for field in resource.fields],
            "missingValues": [""],
            "primaryKey": list(resource.key),
        },
    }
    if ending:
        said["dialect"] = {"commentRows": [2]}
    return said


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    if field.values:
        constraints["enum"] = list(field.values)
    said: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "description": _(field.description),
        "hxl": field.hxl,
    }
    return said | ({"constraints": constraints} if constraints else {})
