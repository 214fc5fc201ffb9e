//! Enumerations that are text in rows, requests and answers.

/// Declares an enumeration with one text per value, used in rows, requests, answers and the API document.
macro_rules! text_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$value_meta:meta])* $value:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$value_meta])* #[serde(rename = $text)] $value),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),* }
            }

            pub fn parse(text: &str) -> Result<Self, types::Violation> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let message = concat!("must be one of" $(, " ", $text)*);
                    types::Violation::new("field.unknown_value", message)
                })
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text),*]))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}

        impl db::ToValue for $name {
            fn to_value(&self) -> db::Value<'_> {
                db::Value::Text(self.as_str().into())
            }
        }

        impl db::FromValue for $name {
            fn from_value(value: db::Value<'_>) -> Result<Self, String> {
                let text = <String as db::FromValue>::from_value(value)?;
                Self::parse(&text).map_err(|violation| violation.message)
            }
        }
    };
}
pub(crate) use text_enum;
