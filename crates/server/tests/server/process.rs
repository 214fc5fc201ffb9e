//! The real program: started, spoken to by its own command line, stopped.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{self, Node, Storage};

const PASSWORD: &str = "correct horse battery";

/// The program, with nothing of this machine's own configuration.
fn seatline(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seatline"));
    for variable in ["SEATLINE_SERVER", "SEATLINE_TOKEN", "SEATLINE_PROFILE", "SEATLINE_DATABASE"] {
        command.env_remove(variable);
    }
    command.args(arguments).current_dir(folder);
    command.env("SEATLINE_CONFIG", folder.join("profiles.toml")).env("SEATLINE_PASSWORD", PASSWORD);
    command.stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    seatline(folder, arguments).output().unwrap()
}

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn fail(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = run(folder, arguments);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    message
}

struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        Self::start_on(folder, "data")
    }

    fn start_on(folder: &Path, data: &str) -> Self {
        let mut command = seatline(folder, &["serve", "--listen", "127.0.0.1:0", "--data", data]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").expect(&line).to_owned();
        Self { process, url }
    }

    /// Asks it to stop as an init system does, and gives what it logged.
    #[cfg(unix)]
    fn stop(mut self) -> String {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let mut log = String::new();
        std::io::Read::read_to_string(&mut self.process.stderr.take().unwrap(), &mut log).unwrap();
        assert!(self.process.wait().unwrap().success(), "{log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const OPERATOR: &str = "olga@market.example";

fn create_operator(folder: &Path) {
    let arguments = ["admin", "create-operator", "--email", OPERATOR, "--name", "Olga", "--data", "data"];
    succeed(folder, &arguments);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[cfg(unix)]
#[test]
fn an_operator_made_on_the_machine_signs_in_and_admits_a_tenant() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let server = Server::start(folder);
    create_operator(folder);
    let signed_in = succeed(folder, &["login", "--server", &server.url, "--email", OPERATOR]);
    assert!(signed_in.contains("Signed in"), "{signed_in}");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &folder.join("profiles.toml").metadata().unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);

    let me = json(&succeed(folder, &["whoami", "--json"]));
    assert_eq!(me["user"]["email"], OPERATOR);
    let create = [
        "tenant",
        "create",
        "--slug",
        "fabrikam",
        "--name",
        "Fabrikam",
        "--country",
        "US",
        "--publisher-id",
        "fabrikam",
        "--admin-email",
        "fay@fabrikam.example",
        "--admin-name",
        "Fay",
    ];
    let tenant = succeed(folder, &create);
    assert!(tenant.contains("slug: fabrikam\n"), "{tenant}");
    let profiles = std::fs::read_to_string(folder.join("profiles.toml")).unwrap();
    assert!(profiles.contains("freshness = \"ten_"), "{profiles}");
    let list = succeed(folder, &["tenant", "list"]);
    assert!(list.lines().any(|line| line.contains("Fabrikam")), "{list}");

    let taken = fail(folder, &create, 1);
    assert!(taken.contains("code: "), "{taken}");
    let wrong = fail(folder, &["user", "create", "--email", "nobody", "--name", ""], 1);
    assert!(wrong.contains("  email: ") && wrong.contains("  name: "), "{wrong}");
    let output = run(folder, &["user", "show", "nobody@market.example", "--json"]);
    assert_eq!(json(&String::from_utf8(output.stdout).unwrap())["status"], 404);

    succeed(folder, &["logout"]);
    assert!(fail(folder, &["whoami"], 1).contains("nobody is signed in"));
    let log = server.stop();
    assert!(log.contains("seatline admin create-operator"), "{log}");
    assert!(log.contains("http.route"), "{log}");
    assert!(!log.contains("nobody@"), "addresses name people: {log}");
}

#[cfg(unix)]
#[test]
fn the_first_operator_is_made_with_what_the_server_prints() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let mut server = Server::start(folder);
    let mut lines = BufReader::new(server.process.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.find(|line| line.contains("seatline setup")).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let token = words[words.iter().position(|word| *word == "--token").unwrap() + 1];
    assert!(words.contains(&server.url.as_str()), "{line}");
    let wrong = ["setup", "--server", &server.url, "--token", "slu_x", "--email", OPERATOR, "--name", "Olga"];
    assert!(fail(folder, &wrong, 1).contains("code: setup.token_wrong"));
    let right = ["setup", "--server", &server.url, "--token", token, "--email", OPERATOR, "--name", "Olga"];
    assert!(succeed(folder, &right).contains("seatline login"));
    assert!(fail(folder, &right, 1).contains("code: setup.done"));
    succeed(folder, &["login", "--server", &server.url, "--email", OPERATOR]);
}

/// A marketplace whose story has been told.
fn demo(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = seatline(folder, &["demo", "--listen", "127.0.0.1:0"]);
    let mut process = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("listening on ")), "the story was not told");
    process
}

/// The most it ever took, where the program is optimised. Unoptimised it maps far more of itself: then what is
/// left of that without the 28 MB that the optimised one does.
#[cfg(target_os = "linux")]
#[test]
fn the_demo_takes_less_than_50_megabytes() {
    let folder = TempDir::new().unwrap();
    let mut process = demo(folder.path(), &[]);
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    let (what, limit) =
        if cfg!(debug_assertions) { ("RssAnon:", 22_000_000) } else { ("VmHWM:", 50_000_000) };
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kibibytes * 1024 < limit, "{status}");
}

/// EVT-04: what was written goes with a backup, is found whole where it was restored, and the trail that was
/// exported before is still the one there.
#[test]
fn a_backup_is_restored_examined_and_verified() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    create_operator(folder);
    let server = Server::start(folder);
    succeed(folder, &["login", "--server", &server.url, "--email", OPERATOR]);
    let kept = json(&succeed(folder, &["audit", "export", "--output", "trail.jsonl", "--json"]));
    let expect = format!("{}:{}", kept["head"], kept["link"].as_str().unwrap());
    succeed(folder, &["user", "create", "--email", "pia@market.example", "--name", "Pia"]);
    succeed(folder, &["backup", "--data", "data", "--output", "copy.db"]);
    assert!(fail(folder, &["backup", "--data", "data", "--output", "copy.db"], 2).contains("exists"));
    assert!(
        fail(folder, &["demo", "--data", "data"], 2).contains("no demo"),
        "it tells nothing to a marketplace"
    );
    drop(server);

    succeed(folder, &["restore", "--from", "copy.db", "--data", "restored"]);
    assert!(fail(folder, &["restore", "--from", "copy.db", "--data", "data"], 2).contains("exists"));
    std::fs::create_dir(folder.join("left")).unwrap();
    std::fs::write(folder.join("left/seatline.db-wal"), "of another history").unwrap();
    assert!(fail(folder, &["restore", "--from", "copy.db", "--data", "left"], 2).contains("seatline.db-wal"));
    for file in ["data", "data/seatline.db", "copy.db", "restored/seatline.db"] {
        let rights = std::fs::metadata(folder.join(file)).unwrap().permissions().mode();
        assert_eq!(rights & 0o077, 0, "others may read {file}");
    }
    let well = json(&succeed(folder, &["doctor", "--data", "restored", "--json"]));
    assert!(well["items"].as_array().unwrap().iter().all(|item| item["wrong"] == json("[]")), "{well}");
    let server = Server::start_on(folder, "restored");
    succeed(folder, &["login", "--server", &server.url, "--email", OPERATOR]);
    succeed(folder, &["audit", "verify", "--expect", &expect]);
    let other = format!("1:{}", "0".repeat(64));
    assert!(fail(folder, &["audit", "verify", "--expect", &other], 1).contains("does not pass through"));
    succeed(folder, &["audit", "verify", "--file", "trail.jsonl", "--expect", &expect]);
    let trail = std::fs::read_to_string(folder.join("trail.jsonl")).unwrap();
    std::fs::write(folder.join("trail.jsonl"), trail.replacen("user.created", "user.deleted", 1)).unwrap();
    let broken = fail(folder, &["audit", "verify", "--file", "trail.jsonl"], 1);
    assert!(broken.contains("the trail is broken"), "{broken}");
}

/// Whatever a marketplace keeps is in PostgreSQL afterwards, and it goes on there.
#[test]
fn what_the_demo_wrote_moves_to_postgresql() {
    let Some(url) = support::postgres("seatline_demo") else { return };
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let mut process = demo(folder, &["--data", "data"]);
    let early = fail(folder, &["migrate-to", &url, "--data", "data"], 2);
    assert!(early.contains("stop the server"), "{early}");
    process.kill().unwrap();
    process.wait().unwrap();
    let moved = json(&succeed(folder, &["migrate-to", &url, "--data", "data", "--json"]));
    for table in ["users", "user_roles", "plans", "webhook_endpoints", "seats", "log_entries"] {
        assert!(moved["tables"][table].as_u64().unwrap() > 0, "{table}: {moved}");
    }
    let there = Storage::Postgres(url);
    support::examine(&there);
    let node = Node::start(&there);
    let login = ["login", "--server", &node.address, "--email", "admin@contoso.example"];
    assert!(seatline(folder, &login).env("SEATLINE_PASSWORD", "seatline demo").status().unwrap().success());
    succeed(folder, &["check", "--user", "ana@contoso.example", "--component", "fab_Forecast"]);
    fail(folder, &["check", "--user", "finn@contoso.example", "--component", "fab_Forecast"], 3);
    node.stop();
}

#[test]
fn a_token_is_not_shown_to_another_server() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    create_operator(folder);
    let server = Server::start(folder);
    succeed(folder, &["login", "--server", &server.url, "--email", OPERATOR]);
    succeed(folder, &["whoami", "--server", &server.url]);
    let other = server.url.replace("127.0.0.1", "localhost");
    assert!(fail(folder, &["whoami", "--server", &other], 1).contains("nobody is signed in"));
}

#[test]
fn what_is_wrong_with_arguments_and_configuration_is_said_with_exit_code_2() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("seatline.toml"), "lissen = \"127.0.0.1:0\"\n").unwrap();
    let unknown = fail(folder, &["serve", "--config", "seatline.toml"], 2);
    assert!(unknown.contains("lissen"), "{unknown}");
    fail(folder, &["serve", "--no-such-option"], 2);
    fail(folder, &["offer", "create"], 2);
    assert!(fail(folder, &["whoami"], 2).contains("seatline login"));
    assert!(fail(folder, &["admin", "migrate", "--database", "mysql"], 2).contains("postgres://"));
    let nowhere = ["edge", "--upstream", "market.example", "--client-id", "cli_1"];
    assert!(fail(folder, &nowhere, 2).contains("https://"));
    assert!(fail(folder, &["serve", "--listen", "nonsense"], 2).contains("nonsense"));
    assert!(fail(folder, &["backup", "--output", "there"], 2).contains("no marketplace"));
    assert!(fail(folder, &["migrate-to", "postgres://localhost/there"], 2).contains("no marketplace"));
    fail(folder, &["restore", "--from", "nowhere"], 1);
    if let Some(url) = support::postgres("empty") {
        assert!(fail(folder, &["doctor", "--database", &url], 2).contains("no marketplace"));
    }
    assert!(!folder.join("data").exists());
}

#[test]
fn a_server_that_is_not_there_is_exit_code_4() {
    let folder = TempDir::new().unwrap();
    // Port 9 of this machine: nothing listens where discard is not run.
    let message = fail(folder.path(), &["storefront", "list", "--server", "http://127.0.0.1:9"], 4);
    assert!(message.contains("does not answer"), "{message}");
}

#[test]
fn completions_are_printed_for_each_shell() {
    let folder = TempDir::new().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        assert!(succeed(folder.path(), &["completions", shell]).contains("seatline"));
    }
}
