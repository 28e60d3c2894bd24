"""What search engines read of a sheet, in the words of schema.org."""

from typing import Any

from assistant.catalogue.links import is_web_address
from assistant.web.pages.words import describe_for_engines
from assistant.wording import describe_filter
from index.filters import FilterKey
from index.opened import Index
from ingest.places import region_name
from ingest.sheet import Sheet


def describe_sheet_data(sheet: Sheet, index: Index, address: str, centre: str) -> dict[str, Any]:
    """A sheet as an Article about a practice, with who runs it and where; only what the sheet says."""
    keys: tuple[FilterKey, ...] = ("demarche", "thematique")
    keywords = [describe_filter(key, code, index.manifest) for key in keys for code in getattr(sheet, key)]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "headline": sheet.title,
        "description": describe_for_engines(sheet),
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "keywords": ", ".join(keywords),
        "publisher": {"@type": "Organization", "name": centre},
    }
    if sheet.organisation:
        site = {"url": sheet.website} if is_web_address(sheet.website) else {}
        data["about"] = {"@type": "Organization", "name": sheet.organisation, **site}
    if sheet.place.commune:
        data["contentLocation"] = _describe_place(sheet)
    if sheet.edition:
        data["temporalCoverage"] = sheet.edition.replace("-", "/")
    return data


def _describe_place(sheet: Sheet) -> dict[str, Any]:
    place = sheet.place
    address = {
        "@type": "PostalAddress",
        "addressLocality": place.commune,
        "postalCode": place.postcode,
        "addressRegion": region_name(place.region),
        "addressCountry": "FR",
    }
    found: dict[str, Any] = {
        "@type": "Place",
        "name": place.commune,
        "address": {key: value for key, value in address.items() if value},
    }
    if place.latitude is not None and place.longitude is not None:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return found
