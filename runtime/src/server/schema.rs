//! What records hold, as data: for stand-ins that make and change bodies without knowing their types.

/// What a record holds, or one of several records.
#[derive(Debug, Clone, Copy)]
pub struct RecordSchema {
    /// Its name in the specs.
    pub name: &'static str,
    /// Its fields, in the order in which they are written; those of each variant stand beside them.
    pub fields: &'static [FieldSchema],
    /// What tells which of several records it is.
    pub variants: Option<VariantSchema>,
}

impl RecordSchema {
    /// The field of a name on the wire, an alias among them.
    pub fn field(&self, name: &str) -> Option<&'static FieldSchema> {
        let by_name = self.fields.iter().find(|field| field.name == name);
        by_name.or_else(|| self.fields.iter().find(|field| field.aliases.contains(&name)))
    }
}

/// What tells which of several records it is.
#[derive(Debug, Clone, Copy)]
pub struct VariantSchema {
    /// The member that tells.
    pub tag: &'static str,
    /// Its value, and the record whose fields stand beside it.
    pub records: &'static [(&'static str, &'static RecordSchema)],
}

/// What is known of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldSchema {
    /// The name on the wire.
    pub name: &'static str,
    /// Other names that are read as this one.
    pub aliases: &'static [&'static str],
    /// What it holds, or each of what it holds.
    pub holds: ValueSchema,
    /// Whether it holds several.
    pub many: Many,
    /// Whether it must be there.
    pub required: bool,
    /// Where a request carries it. What is nested, and what an answer holds, is in the body.
    pub place: Place,
    /// How a list or an object is laid out.
    pub layout: Layout,
    /// The only value it ever has.
    pub constant: Option<&'static str>,
    /// What the service takes when it is absent.
    pub default: Option<&'static str>,
}

impl FieldSchema {
    /// A field of the body that holds one and may be absent.
    pub const fn new(name: &'static str, holds: ValueSchema) -> Self {
        Self {
            name,
            aliases: &[],
            holds,
            many: Many::One,
            required: false,
            place: Place::Body,
            layout: Layout::Plain,
            constant: None,
            default: None,
        }
    }

    /// One that holds text.
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, ValueSchema::Text)
    }

    /// One that is true or false.
    pub const fn bool(name: &'static str) -> Self {
        Self::new(name, ValueSchema::Bool)
    }

    /// One that holds a whole number.
    pub const fn integer(name: &'static str) -> Self {
        Self::new(name, ValueSchema::Integer)
    }

    /// One that holds one of these words.
    pub const fn word(name: &'static str, words: &'static [&'static str]) -> Self {
        Self::new(name, ValueSchema::Enum(words))
    }

    /// One that holds a record.
    pub const fn record(name: &'static str, record: &'static RecordSchema) -> Self {
        Self::new(name, ValueSchema::Record(record))
    }

    /// It has other names as well.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// It holds several.
    #[must_use]
    pub const fn list(self) -> Self {
        Self { many: Many::List, ..self }
    }

    /// It holds several by name.
    #[must_use]
    pub const fn map(self) -> Self {
        Self { many: Many::Map, ..self }
    }

    /// It must be there.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// A request carries it elsewhere than in the body.
    #[must_use]
    pub const fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// How it is laid out.
    #[must_use]
    pub const fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// The only value it ever has.
    #[must_use]
    pub const fn constant(self, value: &'static str) -> Self {
        Self { constant: Some(value), ..self }
    }

    /// What the service takes when it is absent.
    #[must_use]
    pub const fn default(self, value: &'static str) -> Self {
        Self { default: Some(value), ..self }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum ValueSchema {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A point in time, as `2020-12-26T04:11:10Z`.
    UtcTime,
    /// A point in time with the distance from UTC, as `2022-06-27T15:23:10+0800`.
    OffsetTime,
    /// Any JSON value.
    Json,
    /// Text that holds JSON.
    JsonText,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// A record.
    Record(&'static RecordSchema),
}

/// Whether a field holds several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// One.
    One,
    /// Several in order.
    List,
    /// Several by name.
    Map,
}

/// Where a request carries a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A part of the path.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A form field.
    Form,
    /// A member of the body.
    Body,
}

/// How a list or an object is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As the notation has it: an array or object, repeated elements, one text.
    Plain,
    /// A list as one text, separated by commas.
    Comma,
    /// One text that holds JSON.
    Json,
    /// A number or a truth value as a text, where the notation has numbers.
    Text,
    /// `Name.1=a&Name.2=b`
    Numbered,
    /// A list of XML elements inside one element of the field's name; this is the inner name.
    Wrapped(&'static str),
    /// The whole body is this list; an object with this member, and a single item, are read too.
    Bare,
}
