//! The schema of a migrated database, in terms both databases share, so that two can be compared.

use crate::{Db, DbError, statements};

/// Lines such as `users.email TEXT NOT NULL`, sorted.
pub type Schema = Vec<String>;

statements! {
    COLUMNS = {
        sqlite: "SELECT m.name AS name, c.name AS what, upper(c.type) AS kind,
                CASE WHEN c.\"notnull\" <> 0 THEN 1 ELSE 0 END AS required
            FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
        postgres: "SELECT CAST(table_name AS TEXT) AS name, CAST(column_name AS TEXT) AS what,
                CAST(data_type AS TEXT) AS kind,
                CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS BIGINT) AS required
            FROM information_schema.columns
            WHERE table_schema = 'public'"
    };
    INDEXES = {
        sqlite: "SELECT m.name AS name, group_concat(x.name, ',') AS what,
                CASE WHEN l.partial <> 0 THEN 'partial' ELSE '' END AS kind, l.\"unique\" AS required
            FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) x
            WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            GROUP BY m.name, l.name",
        postgres: "SELECT CAST(t.relname AS TEXT) AS name,
                string_agg(CAST(a.attname AS TEXT), ',' ORDER BY k.place) AS what,
                CASE WHEN i.indpred IS NULL THEN '' ELSE 'partial' END AS kind,
                CAST(CASE WHEN i.indisunique THEN 1 ELSE 0 END AS BIGINT) AS required
            FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            CROSS JOIN LATERAL unnest(CAST(i.indkey AS SMALLINT[])) WITH ORDINALITY AS k(number, place)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
            WHERE n.nspname = 'public'
            GROUP BY t.relname, i.indexrelid, i.indpred, i.indisunique"
    };
    FOREIGN_KEYS = {
        sqlite: "SELECT m.name AS name, f.\"from\" AS what, f.\"table\" AS kind, 0 AS required
            FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
            WHERE m.type = 'table'",
        postgres: "SELECT CAST(t.relname AS TEXT) AS name, CAST(a.attname AS TEXT) AS what,
                CAST(r.relname AS TEXT) AS kind, CAST(0 AS BIGINT) AS required
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey)
            WHERE c.contype = 'f'"
    };
}

crate::rows! {
    struct Detail in "schema" {
        name: String,
        what: String,
        kind: String,
        required: i64,
    }
}

/// Reads the schema; booleans count as integers, which is what SQLite has.
pub async fn schema(db: &Db) -> Result<Schema, DbError> {
    db.read(|tx| {
        Box::pin(async move {
            let mut lines = Vec::new();
            for Detail { name, what, kind, required } in tx.list::<Detail>(COLUMNS, &[]).await? {
                let required = if required == 1 { " NOT NULL" } else { "" };
                lines.push(format!("{name}.{what} {}{required}", shared_type(&kind)));
            }
            for Detail { name, what, kind, required } in tx.list::<Detail>(INDEXES, &[]).await? {
                let unique = if required == 1 { "unique " } else { "" };
                lines.push(format!("{name} {unique}index ({what}) {kind}").trim_end().to_owned());
            }
            for Detail { name, what, kind, .. } in tx.list::<Detail>(FOREIGN_KEYS, &[]).await? {
                lines.push(format!("{name}.{what} -> {kind}"));
            }
            lines.sort();
            lines.dedup();
            Ok(lines)
        })
    })
    .await
}

fn shared_type(kind: &str) -> &'static str {
    match kind.to_uppercase().as_str() {
        "INTEGER" | "BIGINT" | "BOOLEAN" => "INTEGER",
        "TEXT" => "TEXT",
        "BLOB" | "BYTEA" => "BLOB",
        _ => "other",
    }
}
