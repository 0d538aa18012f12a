//! What records hold, as data: for stand-ins that make and change bodies without knowing their types.

/// A type of which what it holds is known as data.
pub trait Described {
    /// What it holds.
    fn schema() -> &'static RecordSchema;
}

/// What a record holds.
#[derive(Debug, Clone, Copy)]
pub struct RecordSchema {
    /// Its name in the specs.
    pub name: &'static str,
    /// Its fields, in the order in which they are written.
    pub fields: &'static [FieldSchema],
    /// The member by which several records are told apart, where it is one of several; `fields` are empty then.
    pub union: Option<UnionSchema>,
}

impl RecordSchema {
    /// The field of a wire name.
    pub fn field(&self, name: &str) -> Option<&'static FieldSchema> {
        self.fields.iter().find(|field| field.name == name || field.aliases.contains(&name))
    }
}

/// One of several records.
#[derive(Debug, Clone, Copy)]
pub struct UnionSchema {
    /// The member that tells which.
    pub tag: &'static str,
    /// The tag's value, and the record whose fields stand beside it.
    pub variants: &'static [(&'static str, fn() -> &'static RecordSchema)],
}

/// What is known of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldSchema {
    /// The name on the wire.
    pub name: &'static str,
    /// Other names that are read as this one.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub holds: ValueSchema,
    /// Whether it must be there.
    pub required: bool,
    /// Where a request carries it. Members of an answer, and of what another field holds, are in its body.
    pub place: Place,
    /// How a list or an object is laid out.
    pub layout: Layout,
    /// The only value it ever has.
    pub constant: Option<&'static str>,
    /// What the service takes when it is absent.
    pub default: Option<&'static str>,
}

impl FieldSchema {
    /// A field of the body that may be absent.
    pub const fn new(name: &'static str, holds: ValueSchema) -> Self {
        Self {
            name,
            aliases: &[],
            holds,
            required: false,
            place: Place::Body,
            layout: Layout::Plain,
            constant: None,
            default: None,
        }
    }

    /// It has other names as well.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// It must be there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Where a request carries it.
    #[must_use]
    pub const fn place(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// How it is laid out.
    #[must_use]
    pub const fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// The only value it ever has.
    #[must_use]
    pub const fn constant(mut self, value: &'static str) -> Self {
        self.constant = Some(value);
        self
    }

    /// What the service takes when it is absent.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
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
    Record(fn() -> &'static RecordSchema),
    /// Several of one kind.
    List(&'static ValueSchema),
    /// Texts to values of one kind.
    Map(&'static ValueSchema),
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
