//! What a refused person reads (CHK-04).

use serde::{Deserialize, Serialize};
use types::ServiceId;

use crate::Decision;

/// The code of every refusal.
pub const CODE: &str = "0x80050301";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    Ko,
}

/// The text of a refusal, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub title: String,
    pub code: String,
    pub message: String,
    /// For the administrator: the component, every plan that would do, where to read more.
    pub details: String,
    pub more_info_url: Option<String>,
}

impl Refusal {
    pub fn of(decision: &Decision<'_>, language: Language) -> Self {
        let services: Vec<_> = decision.services().collect();
        let plans: Vec<(String, &ServiceId)> =
            services.iter().map(|service| (service.display_name.clone(), &service.id)).collect();
        let more_info_url = services.iter().find_map(|service| service.more_info_url.clone());
        let component = decision.component().map(|component| {
            (component.unique_name.as_str(), component.id.as_str(), component.publisher.as_str())
        });
        let (title, message) = match language {
            Language::En => (
                "Invalid License",
                "This app requires a license and you do not have one that opens it. Ask your administrator to \
                 assign you one of the licenses below.",
            ),
            Language::Ko => (
                "잘못된 라이선스",
                "이 앱을 사용하려면 라이선스가 필요하지만 할당된 라이선스가 없습니다. 관리자에게 아래 라이선스 중 하나를 \
                 할당해 달라고 요청하세요.",
            ),
        };
        Self {
            title: title.to_owned(),
            code: CODE.to_owned(),
            message: message.to_owned(),
            details: details(language, component, &plans, more_info_url.as_deref()),
            more_info_url,
        }
    }
}

fn details(
    language: Language,
    component: Option<(&str, &str, &str)>,
    plans: &[(String, &ServiceId)],
    more_info_url: Option<&str>,
) -> String {
    let named: Vec<_> = plans.iter().map(|(name, id)| format!("{name}: {id}")).collect();
    let named = named.join(", ");
    let mut text = match (language, component) {
        (Language::En, Some(component)) => {
            let (id, publisher) = (in_brackets(component, " (id "), component.2);
            format!("The user has no license for the component {}{id} of publisher {publisher}.", component.0)
        }
        (Language::Ko, Some(component)) => {
            let (id, publisher) = (in_brackets(component, "(ID "), component.2);
            format!(
                "게시자 {publisher}의 구성 요소 {}{id}에 대한 라이선스가 사용자에게 없습니다.",
                component.0
            )
        }
        (Language::En, None) if plans.is_empty() => {
            "No offer has what was asked for: its name may be misspelt.".to_owned()
        }
        (Language::Ko, None) if plans.is_empty() => {
            "요청한 항목이 있는 제품이 없습니다. 이름이 잘못되었을 수 있습니다.".to_owned()
        }
        (Language::En, None) => "The user has no license.".to_owned(),
        (Language::Ko, None) => "사용자에게 라이선스가 없습니다.".to_owned(),
    };
    if !plans.is_empty() {
        text += &match language {
            Language::En => format!(" One of these plans is required: {named}."),
            Language::Ko => format!(" 다음 플랜 중 하나가 필요합니다: {named}."),
        };
    }
    if let Some(url) = more_info_url {
        text += &match language {
            Language::En => format!(" More information: {url}"),
            Language::Ko => format!(" 자세한 정보: {url}"),
        };
    }
    text
}

/// The id that the package gives a component, if it gives one.
fn in_brackets((_, id, _): (&str, &str, &str), opened: &str) -> String {
    if id.is_empty() { String::new() } else { format!("{opened}{id})") }
}
