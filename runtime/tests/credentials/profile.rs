//! The vendors' files of credentials.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use mediajobs_runtime::facts::{CredentialsInfo, ProfileInfo, ServiceInfo};
use mediajobs_runtime::{
    Credentials, CredentialsProvider, Environment, InstanceRoleCredentials, ProfileCredentials, Service,
};

use crate::metadata::{Answer, Metadata};
use crate::services::*;
use crate::{provide, refused};

/// A folder of its own, gone in the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("credentials-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn home(&self) -> Environment {
        Environment::of([("HOME", self.0.to_str().unwrap())])
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// <https://github.com/aliyun/credentials-go>, "Credentials file".
const ALIBABA: &str = "\
[default]
type = access_key                  # Authentication method is access_key
access_key_id = foo                # Key
access_key_secret = bar            # Secret

[project1]
type = ecs_ram_role                # Authentication method is ecs_ram_role
role_name = EcsRamRoleTest         # Role name, optional. It will be retrieved automatically if not set. It is highly recommended to set it up to reduce requests.

[project2]
type = ram_role_arn                # Authentication method is ram_role_arn
access_key_id = foo
access_key_secret = bar
role_arn = role_arn
role_session_name = session_name

[project3]
type=oidc_role_arn                 # Authentication method is oidc_role_arn
oidc_provider_arn=oidc_provider_arn
oidc_token_file_path=oidc_token_file_path
role_arn=role_arn
role_session_name=session_name
";

const SHARED: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-such-folder/credentials");

/// As Tencent's, with another place for all users of a machine than one that may be there.
struct Shared;

impl Service for Shared {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        credentials: CredentialsInfo {
            profile: Some(ProfileInfo { path: ".shared/credentials", system_path: Some(SHARED), ..TENCENT_PROFILE }),
            ..TencentCi::INFO.credentials
        },
        ..*TencentCi::INFO
    };
}

const TENCENT_PROFILE: ProfileInfo = match TencentCi::INFO.credentials.profile {
    Some(profile) => profile,
    None => panic!("there is one"),
};

fn alibaba(folder: &Folder) -> ProfileCredentials {
    ProfileCredentials::new::<AlibabaIce>().environment(folder.home())
}

#[test]
fn every_vendor_keeps_its_own_file() {
    let folder = Folder::new();
    folder.write(".alibabacloud/credentials", ALIBABA);
    folder.write(".huaweicloud/credentials", "[basic]\nak = ak\nsk = canary\nsecurity_token = t\nproject_id = p\n");
    folder.write(".tencentcloud/credentials", "[default]\nsecret_id=\"id\"\nsecret_key=\"canary\"\n");
    assert_eq!(provide(&alibaba(&folder)).unwrap(), Credentials::new("foo", "bar"));
    let huawei = ProfileCredentials::new::<HuaweiVas>().environment(folder.home());
    assert_eq!(provide(&huawei).unwrap(), Credentials::new("ak", "canary").with_security_token("t"));
    let tencent = ProfileCredentials::new::<TencentCi>().environment(folder.home());
    assert_eq!(provide(&tencent).unwrap(), Credentials::new("id", "canary"));
}

#[test]
fn setters_come_before_variables_and_those_before_the_usual_place() {
    let folder = Folder::new();
    let section = |name: &str, id: &str| format!("[{name}]\ntype=sts\naccess_key_id={id}\naccess_key_secret=canary\n");
    let both = |id: &str| section("default", id) + &section("work", &format!("{id}-work"));
    folder.write(".alibabacloud/credentials", both("home"));
    let (by_variable, by_setter) = (folder.write("variable", both("variable")), folder.write("setter", both("setter")));
    let home = folder.path().to_str().unwrap();
    let environment = Environment::of([
        ("HOME", home),
        ("ALIBABA_CLOUD_CREDENTIALS_FILE", by_variable.to_str().unwrap()),
        ("ALIBABA_CLOUD_PROFILE", "work"),
    ]);
    let id = |provider: ProfileCredentials| format!("{:?}", provide(&provider).unwrap());
    let found = [
        id(alibaba(&folder)),
        id(ProfileCredentials::new::<AlibabaIce>().environment(environment.clone())),
        id(ProfileCredentials::new::<AlibabaIce>().environment(environment.clone()).path(&by_setter)),
        id(ProfileCredentials::new::<AlibabaIce>().environment(environment).path(&by_setter).profile("default")),
        id(ProfileCredentials::new::<AlibabaIce>().environment(Environment::of([("USERPROFILE", home)]))),
    ];
    let expected = ["home", "variable-work", "setter-work", "setter", "home"]
        .map(|id| format!("Credentials {{ key_id: {id:?}, secret: [redacted], security_token: None }}"));
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_there_is_absent() {
    let folder = Folder::new();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let file = path(".alibabacloud/credentials");
    assert_eq!(refused(&alibaba(&folder)), (true, format!("{file} does not exist")));
    let shared = ProfileCredentials::new::<Shared>().environment(folder.home());
    let own = path(".shared/credentials");
    assert_eq!(refused(&shared), (true, format!("{own} and {SHARED} do not exist")));
    let homeless = ProfileCredentials::new::<Shared>().environment(Environment::of::<&str, &str>([]));
    assert_eq!(refused(&homeless), (true, format!("{SHARED} does not exist")));
    folder.write(".alibabacloud/credentials", ALIBABA);
    assert_eq!(refused(&alibaba(&folder).profile("work")), (true, format!("{file} has no section [work]")));
    assert_eq!(
        refused(&ProfileCredentials::new::<AlibabaIce>().environment(folder.home()).path(path("x/y"))),
        (true, format!("{} does not exist", path("x/y")))
    );
    let homeless = ProfileCredentials::new::<HuaweiVas>().environment(Environment::of([("HOME", "")]));
    let message = "there is no home directory to look for .huaweicloud/credentials in: HOME is not set";
    assert_eq!(refused(&homeless), (true, message.to_owned()));
    assert_eq!(
        refused(&ProfileCredentials::new::<Bare>().environment(folder.home())),
        (true, "Bare Cloud has no file of credentials".to_owned())
    );
}

#[test]
fn what_makes_no_sense_is_an_error_with_its_place_and_no_value() {
    let folder = Folder::new();
    let supported = "supported are access_key, sts, ecs_ram_role";
    for (text, place) in [
        (
            "[default]\ntype = access_key\naccess_key_id = canary\n",
            ": the section [default] has no `access_key_secret`".into(),
        ),
        (
            "[default]\ntype = access_key\naccess_key_id=a\naccess_key_secret =\n",
            ", line 4: `access_key_secret` is empty".into(),
        ),
        (
            "[default]\naccess_key_id=a\naccess_key_secret=canary\n",
            format!(": the section [default] has no `type`: {supported}"),
        ),
        (
            "[default]\n\ntype = rsa_key_pair\n",
            format!(", line 3: a profile of `type` `rsa_key_pair` is not supported: {supported}"),
        ),
        ("[default]\ntype = canary/1\n", format!(", line 2: a profile of `type` that is not supported: {supported}")),
        ("[default]\ncanary\n", ", line 2: expected `key = value`".into()),
        ("[default]\ntype = access_key\n[canary\n", ", line 3: the `]` of a section is missing".into()),
        (
            "[default]\naccess_key_id = canary\nACCESS_KEY_ID = canary\n",
            ", line 3: the section has this key twice".into(),
        ),
    ] {
        let path = folder.write(".alibabacloud/credentials", text);
        assert_eq!(refused(&alibaba(&folder)), (false, format!("{}{place}", path.display())), "{text:?}");
    }
    let path = folder.write(".alibabacloud/credentials", ALIBABA);
    assert_eq!(
        refused(&alibaba(&folder).profile("project2")),
        (
            false,
            format!("{}, line 11: a profile of `type` `ram_role_arn` is not supported: {supported}", path.display())
        )
    );
}

#[test]
fn a_file_that_can_not_be_read_is_an_error() {
    let folder = Folder::new();
    let path = folder.write("long", "[default]\n# canary\n".to_owned() + &"x = 1\n".repeat(20_000));
    let read = |path: &Path| refused(&ProfileCredentials::new::<TencentCi>().path(path).environment(folder.home()));
    assert_eq!(read(&path), (false, format!("{} can't be read: it is longer than 65536 bytes", path.display())));
    let path = folder.write("binary", b"[default]\nsecret_id = canary\xff\n");
    assert_eq!(read(&path), (false, format!("{} can't be read: it is not UTF-8", path.display())));
    let path = folder.path();
    assert_eq!(read(path), (false, format!("{} can't be read: it is no file", path.display())));
}

#[test]
fn a_profile_may_send_to_the_role_of_the_machine() {
    let folder = Folder::new();
    let path = folder.write(".alibabacloud/credentials", ALIBABA);
    let place = format!("{}, section [project1],", path.display());
    let (absent, message) = refused(&alibaba(&folder).profile("project1"));
    assert!(!absent && message.starts_with(&format!("{place} names the machine's role")), "{message}");

    let asking = |answers| {
        let metadata = Metadata::new(answers);
        let role = InstanceRoleCredentials::new::<AlibabaIce>()
            .environment(Environment::of::<&str, &str>([]))
            .transport(metadata.clone())
            .clock(metadata.clock());
        (alibaba(&folder).profile("project1").instance_role(role), metadata)
    };
    let (provider, metadata) = asking(vec![Answer::text("metadata-token"), Answer::text(crate::metadata::ALIBABA)]);
    let credentials = crate::run(provider.provide()).unwrap();
    assert_eq!(credentials, crate::metadata::alibaba_credentials());
    assert!(
        metadata.asked()[1]
            .starts_with("GET http://100.100.100.200/latest/meta-data/ram/security-credentials/EcsRamRoleTest")
    );

    // Who names a role does not want whatever a chain finds next.
    let (provider, _) = asking(vec![Answer::NoConnection]);
    let expected = "names the machine's role: no answer from http://100.100.100.200: no connection";
    assert_eq!(refused(&provider), (false, format!("{place} {expected}")));
}
