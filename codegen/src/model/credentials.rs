//! Where credentials come from, and how they travel.

/// Names around credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct Credentials {
    /// Environment variable of the access key id.
    pub key_id_env: String,
    /// Environment variable of the secret.
    pub secret_env: String,
    /// Environment variable of a temporary credential's token.
    pub security_token_env: Option<String>,
    /// Header that carries a temporary credential's token.
    pub security_token_header: String,
    /// Header that carries a login token in place of a signature, where the service takes one.
    pub auth_token_header: Option<String>,
    /// The vendor's file of credentials.
    pub profile: Option<Profile>,
    /// Where a machine of the vendor's asks for the credentials of its role.
    pub instance_role: Option<InstanceRole>,
}

/// The vendor's file of credentials: an INI file with a section for each profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Where it is in the home directory.
    pub path: String,
    /// Where it is looked for if it is not there.
    pub system_path: Option<String>,
    /// Environment variable with the path of another file.
    pub path_env: Option<String>,
    /// The section that counts unless another one is named.
    pub section: String,
    /// Environment variable with the name of another section.
    pub section_env: Option<String>,
    /// The key of the access key id.
    pub key_id: String,
    /// The key of the secret.
    pub secret: String,
    /// The key of a temporary credential's token.
    pub security_token: Option<String>,
    /// What says which kind of credentials a section holds.
    pub kinds: Option<ProfileKinds>,
    /// The vendor's page.
    pub source: String,
}

/// What says which kind of credentials a section of the vendor's file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileKinds {
    /// The key with the kind.
    pub key: String,
    /// The kinds that are an access key in the section itself.
    pub access_key: Vec<String>,
    /// The kind that sends to the machine's role, and the key with the role's name.
    pub instance_role: Option<(String, String)>,
}

/// Where a machine of the vendor's asks for the credentials of its role, and what it is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceRole {
    /// Scheme and host.
    pub endpoint: String,
    /// The path of the credentials.
    pub path: String,
    /// Whether that path answers the role's name, which stands behind it in the path of the credentials.
    pub named: bool,
    /// Statuses that say that the machine has no role.
    pub no_role: Vec<u16>,
    /// Environment variable with the role's name.
    pub role_env: Option<String>,
    /// Environment variable that is `true` where the endpoint is not to be asked.
    pub disabled_env: Option<String>,
    /// How the endpoint wants to be asked for a token first.
    pub token: Option<MetadataToken>,
    /// The member that holds the others.
    pub member: Option<String>,
    /// The member that says `Success`.
    pub code: Option<String>,
    /// The member with the access key id.
    pub key_id: String,
    /// The member with the secret.
    pub secret: String,
    /// The member with the token.
    pub security_token: String,
    /// The member with the time when they cease to hold.
    pub expiration: String,
    /// The vendor's page.
    pub source: String,
}

/// A token that the questions to a machine's metadata carry.
#[derive(Debug, Clone, PartialEq)]
pub struct MetadataToken {
    /// Its path.
    pub path: String,
    /// The header with the seconds that it is to live.
    pub ttl_header: String,
    /// The header that carries it.
    pub header: String,
    /// Environment variable that is `true` where nothing is to be asked without it.
    pub required_env: Option<String>,
}
