//! What the client says itself, where the server does not say it (CHK-04).

use entitlement::client::{How, Question, Thing};
use entitlement::{Language, REFUSAL_CODE, Refusal};

pub(super) fn own(how: How, reason: &str, question: &Question, language: Language) -> Refusal {
    let what = match &question.thing {
        Thing::Service { service_id } => service_id,
        Thing::Component { component, .. } => component,
    };
    let by_server = how != How::Refused;
    let (title, message, details) = match language {
        Language::En => {
            ("Invalid License", english(by_server, reason), format!("No license for {what}: {reason}."))
        }
        Language::Ko => {
            ("잘못된 라이선스", korean(by_server, reason), format!("{what}에 대한 라이선스 없음: {reason}."))
        }
    };
    Refusal {
        title: title.to_owned(),
        code: REFUSAL_CODE.to_owned(),
        message: message.to_owned(),
        details,
        more_info_url: None,
    }
}

fn english(by_server: bool, reason: &str) -> &'static str {
    match reason {
        _ if by_server => "You have no license for this. Ask your administrator.",
        "expired" => "Your license could not be renewed in time. Connect to the network and try again.",
        "revoked" => "Your license was taken back. Ask your administrator.",
        "clock_rolled_back" => {
            "The clock of this device was set back. Set it right, or connect to the network, and try again."
        }
        _ => "Your license could not be checked. Connect to the network and try again.",
    }
}

fn korean(by_server: bool, reason: &str) -> &'static str {
    match reason {
        _ if by_server => "이 기능에 대한 라이선스가 없습니다. 관리자에게 문의하세요.",
        "expired" => "라이선스를 제때 갱신하지 못했습니다. 네트워크에 연결한 후 다시 시도하세요.",
        "revoked" => "라이선스가 회수되었습니다. 관리자에게 문의하세요.",
        "clock_rolled_back" => {
            "이 기기의 시계가 과거로 변경되었습니다. 시계를 맞추거나 네트워크에 연결한 후 다시 시도하세요."
        }
        _ => "라이선스를 확인할 수 없습니다. 네트워크에 연결한 후 다시 시도하세요.",
    }
}
