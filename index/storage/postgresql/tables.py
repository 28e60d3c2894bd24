"""Tables: where the versions of an index stand in the database.

Two schemas, so that a role may be given the right to read one and not the other. `index_public` has what visitors may
read, and the list of the versions; `index_members` what only members may, and what each version holds in the whole. A
version has tables of its own in each: it is published and forgotten whole, and its vectors' index holds no other
version's.
"""

from psycopg.sql import SQL, Composed, Identifier

from ingest.sheet import Access

SCHEMAS: dict[Access, str] = {"public": "index_public", "members": "index_members"}
VERSIONS, CURRENT, FILES = "versions", "current", "files"

# The extension is looked for first: making it takes rights that this role may lack when it is there already.
HAS_EXTENSION = "SELECT 1 FROM pg_extension WHERE extname = 'vector'"
MAKE_EXTENSION = "CREATE EXTENSION IF NOT EXISTS vector"
HAS_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
MAKE_SCHEMA = SQL("CREATE SCHEMA {schema}")
MAKE_LISTS = SQL(
    """
    CREATE TABLE IF NOT EXISTS index_public.versions (version text PRIMARY KEY, manifest jsonb NOT NULL);
    CREATE TABLE IF NOT EXISTS index_public.current (only_one boolean PRIMARY KEY CHECK (only_one), versions text[]);
    CREATE TABLE IF NOT EXISTS index_public.files (
        version text, name text, content bytea STORAGE EXTERNAL NOT NULL, PRIMARY KEY (version, name));
    CREATE TABLE IF NOT EXISTS index_members.versions (version text PRIMARY KEY, manifest jsonb NOT NULL);
    CREATE TABLE IF NOT EXISTS index_members.files (
        version text, name text, content bytea STORAGE EXTERNAL NOT NULL, PRIMARY KEY (version, name));
    """
)
# Vectors stand in the row itself, where comparing many reads them one after the other; what is long, and does not
# shrink, beside it. 16 bits a number: a cosine moves by less than 0.0002.
MAKE_PASSAGES = SQL(
    """
    CREATE TABLE {table} (
        row int NOT NULL,
        sheet text NOT NULL,
        passage text NOT NULL,
        vector halfvec({dimension}) STORAGE PLAIN NOT NULL,
        codes bytea STORAGE EXTERNAL NOT NULL,
        token_ids bytea STORAGE EXTERNAL NOT NULL,
        spans bytea STORAGE EXTERNAL NOT NULL,
        sentences bytea STORAGE EXTERNAL NOT NULL)
    """
)
MAKE_WORDS = SQL("CREATE TABLE {table} (word text NOT NULL, rows bytea NOT NULL, scores bytea NOT NULL)")
MAKE_ROW_KEY = SQL("ALTER TABLE {table} ADD PRIMARY KEY (row)")
MAKE_WORD_KEY = SQL("ALTER TABLE {table} ADD PRIMARY KEY (word)")
MAKE_NEAREST = SQL("CREATE INDEX ON {table} USING hnsw (vector halfvec_ip_ops) WITH (m = 16, ef_construction = 64)")
DIGEST_PASSAGES = SQL(
    """
    SELECT encode(sha256(coalesce(string_agg(sha256(
        int4send(row) || convert_to(sheet, 'UTF8') || convert_to(passage, 'UTF8') || halfvec_send(vector)
        || codes || token_ids || spans || sentences), ''::bytea ORDER BY row), ''::bytea)), 'hex')
    FROM {table}
    """
)
DIGEST_WORDS = SQL(
    """
    SELECT encode(sha256(coalesce(string_agg(sha256(
        convert_to(word, 'UTF8') || rows || scores), ''::bytea ORDER BY word), ''::bytea)), 'hex')
    FROM {table}
    """
)


def versions_table(access: Access) -> Composed:
    """The table of what readers of this access may know of each version."""
    return SQL("{}").format(Identifier(SCHEMAS[access], VERSIONS))


def passages_table(access: Access, version: str) -> Composed:
    """The table of the passages of a version for one access."""
    return _table(access, "passages", version)


def words_table(access: Access, version: str) -> Composed:
    """The table of the words of a version for one access."""
    return _table(access, "words", version)


def files_table(access: Access) -> Composed:
    """The table of the small files of all versions for one access."""
    return SQL("{}").format(Identifier(SCHEMAS[access], FILES))


def _table(access: Access, kind: str, version: str) -> Composed:
    return SQL("{}").format(Identifier(SCHEMAS[access], f"{kind}_{version}"))
