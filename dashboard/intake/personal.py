"""Names of columns, and shapes of cells, that tell of a person. Never keeps or repeats what it recognised."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from dashboard.intake import telling, tongues

LONGEST_NAME = 400
"""Letters of a column's name that are looked at."""
_SPLIT = re.compile(r"[^\w]+|_+", re.UNICODE)

# Whole names, written together in small letters without accents, in the languages of the region's usual forms.
_WHOLE = frozenset(
    """
name names fullname firstname lastname middlename maidenname givenname forename surname familyname nickname alias
initials survivorname victimname clientname patientname womanname workername beneficiaryname complainantname
respondentname perpetratorname abusername employername householdname sponsorname recruitername agentname husbandname
spousename childname childrennames fathername mothername contactperson focalperson focalpoint nextofkin
nom prenom nombre nombres apellido apellidos nama namalengkap pangalan ten hoten hovaten
passport passportno passportnumber passportnr ppno traveldocument traveldocumentno nationalid nationalidno idcard
idcardno idno idnumber identityno identitynumber identitycard ktp nik cnic nrc nid nin ssn socialsecurity
socialsecuritynumber taxid visano visanumber workpermit workpermitno workpermitnumber permitno iqama iqamano emiratesid
civilid fin birthcertificate drivinglicence driverslicense licenceplate
dob dateofbirth birthdate birthday birthyear yearofbirth placeofbirth birthplace borndate fechadenacimiento
tanggallahir datenaissance datedenaissance age ages exactage
phone phoneno phonenumber telephone tel telno mobile mobileno mobilenumber cell cellphone cellno whatsapp viber imo
lineid telegram wechat facebook instagram tiktok zalo socialmedia handle contactno contactnumber contactdetails nohp
telepon telefono email emailaddress mail correo
address addresses homeaddress streetaddress street houseno housenumber postcode postalcode zip zipcode residence
residentialaddress employeraddress workaddress shelteraddress shelterlocation shelter location gps latitude longitude
lat lon lng long coordinates geolocation geopoint whatthreewords alamat direccion adresse
migrationstatus immigrationstatus legalstatus residencestatus residencystatus visastatus visatype visa documented
undocumented documentation documentstatus irregular overstay overstayer deportation deportable
nationality nationalities citizenship countryofcitizenship countryofbirth nationalite nacionalidad kewarganegaraan
ethnicity ethnicgroup ethnic race caste tribe religion faith mothertongue
caseid caseno casenumber caseref casereference casefile fileno filenumber clientid clientno clientcode survivorid
survivorcode survivorno victimid victimcode incidentid incidentno incidentnumber patientid patientno registrationno
registrationnumber reportno complaintno refno referenceno referencenumber uniqueid personid individualid womanid
workerid
employer employers employerdetails householdemployer sponsor kafeel kafil recruiter recruitmentagency agent broker
smuggler trafficker perpetrator perpetrators abuser offender relationship relationshiptoperpetrator husband spouse
maritalstatus marital pregnant pregnancy hiv hivstatus diagnosis disability disabilitytype medicalhistory injuries
sexualorientation genderidentity genderexpression sexworker incidentdate dateofincident incidentdescription narrative
story statement testimony bankaccount accountno accountnumber iban photo picture fingerprint
biometric signature ipaddress deviceid
""".split()
)

# Two or more words that say it wherever they stand in a longer name ("survivor_full_name_2").
_PAIRS = tuple(
    frozenset(pair.split())
    for pair in (
        "first name",
        "last name",
        "full name",
        "family name",
        "given name",
        "middle name",
        "maiden name",
        "passport no",
        "birth date",
        "birth place",
        "birth year",
        "phone number",
        "mobile number",
        "contact number",
        "contact person",
        "home address",
        "street address",
        "migration status",
        "immigration status",
        "residence status",
        "residency status",
        "legal status",
        "visa status",
        "visa type",
        "visa number",
        "work permit",
        "case id",
        "case no",
        "case number",
        "case reference",
        "case file",
        "file number",
        "client id",
        "client code",
        "survivor id",
        "survivor code",
        "victim id",
        "incident id",
        "incident number",
        "national id",
        "identity card",
        "id card",
        "id number",
        "id no",
        "employer name",
        "employer address",
        "employer phone",
        "sponsor name",
        "marital status",
        "hiv status",
        "shelter address",
        "shelter location",
        "bank account",
        "account number",
        "social media",
        "next kin",
    )
)
# Single words that never belong to a service, an office or a count.
_ALONE = frozenset(
    """
surname passport dob birth birthdate birthday phone telephone mobile whatsapp viber email nationality citizenship
immigration undocumented overstay ethnicity religion perpetrator abuser offender husband spouse marital hiv diagnosis
narrative testimony latitude longitude gps iban fingerprint biometric apellido prenom alamat kewarganegaraan ktp nik
""".split()
)
_PEOPLE = frozenset(
    """
survivor survivors victim victims client clients patient woman women girl worker workers beneficiary complainant
respondent person persons individual employer employee migrant husband spouse child children mother father perpetrator
""".split()
)
_ABOUT = frozenset("name id no number code age address contact phone status date initials ref reference".split())


def about_a_person(column: str) -> bool:
    """Whether a column that the contract does not have tells, by the first letters of its name, of a person."""
    column = column[:LONGEST_NAME]
    plain = "".join(c for c in unicodedata.normalize("NFKD", column) if not unicodedata.combining(c))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    words = [word for word in _SPLIT.split(spaced.casefold()) if word]
    joined = "".join(words).rstrip("0123456789")
    found = set(words)
    return (
        joined in _WHOLE
        or tongues.about_a_person(column)
        or bool(found & _ALONE)
        or any(pair <= found for pair in _PAIRS)
        or bool(found & _PEOPLE and found & _ABOUT)
    )


# --- cells ---

PIECE, OVERLAP = 4000, 400
"""Characters of a cell that are looked at together, and how many of them again with the next: no column allows a cell
that long, and so none takes more time than its length, whatever stands in it."""
_GAP, _BLANKS = re.compile(r"\s{5,}"), " " * 4
"""Blanks that more of them make no wider: patterns let two things be so far apart at most."""
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# No part of a name on the internet has more than 63 letters. (RFC 1035)
_EMAIL = re.compile(
    r"[^\s@,;<>()]\s?(?:@|\(at\)|\[at\])\s?[^\s@,;<>()]{1,63}(?:\.|\s?(?:\(dot\)"
    r"|\[dot\])\s?)[^\s@,;<>()]{2}",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    r"\b(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])\b"
    r"|\b(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\1(?:(?:19|20|25)?\d\d)\b"
    rf"|\b(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ -]{_MONTH},?[ -](?:(?:19|20)\d\d|\d\d)\b"
    rf"|\b{_MONTH} (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,? (?:19|20)\d\d\b",
    re.IGNORECASE,
)
_PASSPORT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[ -]?\d{6,9}(?![A-Za-z0-9])")
_PLACE = re.compile(
    r"[-+]?\d{1,3}\.\d{3,}\s*°?\s*[NSns]?\s*[,;/ ]\s*[-+]?\d{1,3}\.\d{3,}"
    r"|(?<![\d.])[-+]?\d{1,3}\.\d{4,}(?!\d)|\d{1,3}\s?°\s?\d{1,2}(?:\.\d+)?\s?['′’]"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Z0-9])")
_PHONE = re.compile(r"(?<!\d)\d(?:[ ().\-/]{0,3}\d){7,14}(?!\d)")
# Years from-to and hours from-to have as many digits as a telephone number and are none; so have a year in two
# calendars, the year and number of a document after its letters, and a large number that was rounded.
_HARMLESS = re.compile(
    r"(?<!\d)(?:19|20|25)\d\d\s*[-–/(]+\s*(?:19|20|25)\d\d(?!\d)"
    r"|(?<=[A-Za-z][-/ ])(?:19|20|25)\d\d[-/]\d{1,4}(?![ -]?\d)"
    r"|(?<![\d+(])(?<![\d+(] )[1-9]\d{0,2}(?P<group>[ .])(?:\d{3}(?P=group)){1,6}\d00(?![ .]?\d)"
    r"|(?<![\d)][ -])(?<!\d)(?:[01]\d|2[0-4])[0-5]\d\s*(?:h|hrs)?\s*[-–]\s*(?:[01]\d"
    r"|2[0-4])[0-5]\d(?![ -]?\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])[.:][0-5]\d\s*(?:h|am|pm)?\s*[-–]\s*(?:[01]?\d|2[0-4])[.:][0-5]\d(?!\d)"
)

# In addresses of the web. Numbers of documents are shorter, begin with a year, or end in the kind of the document.
_URL_PHONE = re.compile(
    r"(?:(?<!\d)(?:\+|00?)(?:[-.() ]{0,2}\d){7,14}(?!\d)"
    r"|(?<!\d)(?!(?:19|20)\d\d)\d(?:[-.() ]{0,2}\d){8,14}(?!\d)(?!\.(?:pdf|html?|docx?|xlsx?|pptx?|aspx"
    r"|php)\b))",
    re.IGNORECASE,
)
_URL_PLACE = re.compile(r"[-+]?\d{1,3}\.\d+\s*[,;+ ]\s*[-+]?\d{1,3}\.\d+|!3d-?\d")
_MAP = re.compile(
    r"(?<![\w-])(?:maps\.[\w.]{1,80}|maps\.app\.goo\.gl|goo\.gl/maps|google\.[\w.]{1,20}/maps"
    r"|(?:www\.)?openstreetmap\.org"
    r"|(?:www\.)?waze\.com|(?:www\.)?what3words\.com|w3w\.co)(?:/|\?)\S",
    re.IGNORECASE,
)
_MESSENGER = re.compile(
    r"(?<![\w-])(?:wa\.me|(?:api|chat|web)\.whatsapp\.com|whatsapp\.com|t\.me|telegram\.me|m\.me|line\.me"
    r"|zalo\.me"
    r"|viber\.com|viber\.click|imo\.im|signal\.me)/\S|(?<!\w)(?:(?:tel|sms):[/+]*\d|(?:viber|whatsapp"
    r"|tg)://)",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?<![\w-])(?:(?:[a-z-]{1,6}\.)?(?:facebook|instagram|tiktok|twitter|linkedin|threads|snapchat|weibo"
    r"|vk)"
    r"\.(?:com|net)|fb\.(?:com|me)|x\.com)/\S",
    re.IGNORECASE,
)

# What SQL asks first, so that only cells which may be caught come here. Wider than the patterns above, kind by kind.
_ADDRESS = (
    r"(?i:https?://|www\.|\b(?:tel|sms|viber|whatsapp|tg):"
    r"|maps|goo\.gl|openstreetmap|waze|what3words|w3w|\.(?:me|com|net|im|click)/)"
)
_WIDE = r"[\x{FF01}-\x{FF5E}]"  # Latin letters and signs as wide as Chinese ones
_SUSPECT = {
    "email": r"[@＠]|[(\[][aA][tT][)\]]",
    "iban": r"[A-Z]{2}\p{Nd}{2}(?:\p{Z}?[A-Z\p{Nd}]){11}",
    "full_date": r"\p{Nd}[\p{Pd}/.]\p{Nd}{1,2}[\p{Pd}/.]\p{Nd}"
    r"|\p{Nd}(?i:st|nd|rd|th)?[\p{Z}\p{Pd}](?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*\p{Z}\p{Nd}",
    "coordinates": r"[.٫]\p{Nd}{3}|°",
    "reference": r"(?:^|[^A-Za-z\p{Nd}])[A-Za-z]{1,2}[\p{Z}\p{Pd}]?\p{Nd}{6}",
    "office_phone": r"\p{Nd}(?:[\p{Z}\p{Pd}()./]{0,3}\p{Nd}){7}",
}


def suspect(allows: frozenset[str]) -> str:
    """A pattern for SQL: whatever it does not match cannot be caught by `in_a_cell` with these exceptions."""
    return "|".join(
        [_ADDRESS, _WIDE, telling.SUSPECT, *(pattern for kind, pattern in _SUSPECT.items() if kind not in allows)]
    )


def _plain(text: str) -> str:
    """Digits of every script as 0-9, every blank as a space, every dash as a hyphen."""
    return text if text.isascii() else "".join(map(_letter, unicodedata.normalize("NFC", text)))


def _letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.decimal(letter))
    if "！" <= letter <= "～":
        return chr(ord(letter) - ord("！") + ord("!"))
    return " " if kind[0] == "Z" else "-" if kind == "Pd" else "." if letter == "٫" else letter


def _narrow(text: str) -> str:
    return _GAP.sub(_BLANKS, text)


def _without(pattern: re.Pattern[str], text: str) -> str:
    return _narrow(pattern.sub(" ", text))


def _in_an_address(text: str, allows: frozenset[str]) -> str | None:
    """The problem code of what a link gives away: links to a place on a map, to a telephone or to somebody's page."""
    if "coordinates" not in allows and _MAP.search(text):
        return "cell-coordinates"
    if "office_phone" not in allows and _MESSENGER.search(text):
        return "cell-phone"
    if _PROFILE.search(text):
        return "cell-profile"
    for found in _URL.finditer(text):
        address = _narrow(unquote(found[0]))
        if "email" not in allows and _EMAIL.search(address):
            return "cell-email"
        if "coordinates" not in allows and _URL_PLACE.search(address):
            return "cell-coordinates"
        if "office_phone" not in allows and _URL_PHONE.search(address):
            return "cell-phone"
    return None


def _iban(text: str) -> bool:
    for found in _IBAN.finditer(text):
        letters = found[0].replace(" ", "")
        turned = letters[4:] + letters[:4]
        if 15 <= len(letters) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1:
            return True
    return False


def in_a_cell(text: str, allows: frozenset[str] = frozenset()) -> str | None:
    """The problem code of what a cell gives away, or None. `allows` are the exceptions of its field."""
    if len(text) <= PIECE:
        return _in_a_piece(text, allows)
    starts = range(0, max(len(text) - OVERLAP, 1), PIECE - OVERLAP)
    return next((code for start in starts if (code := _in_a_piece(text[start : start + PIECE], allows))), None)


def _in_a_piece(text: str, allows: frozenset[str]) -> str | None:
    text = _narrow(_plain(text))
    if _EMAIL.search(text) and "email" not in allows:
        return "cell-email"
    if code := _in_an_address(text, allows):
        return code
    text = _without(_URL, text)
    if _iban(text):
        return "cell-iban"
    if _DATE.search(text):
        if "full_date" not in allows:
            return "cell-full-date"
        text = _without(_DATE, text)
    if _PLACE.search(text) and "coordinates" not in allows:
        return "cell-coordinates"
    if _PASSPORT.search(text) and "reference" not in allows:
        return "cell-passport"
    if "office_phone" not in allows and _PHONE.search(_HARMLESS.sub(" ", text)):
        return "cell-phone"
    return telling.of_a_person(text)
