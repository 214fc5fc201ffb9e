//! Amounts as people write them: of most currencies with hundredths.

use crate::deals::terms::Money;
use crate::kit::grouped;

/// Currencies without a minor unit.
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
    "XOF",
];

/// `USD 12,500.00`
pub(crate) fn shown(money: &Money) -> String {
    if WHOLE.contains(&money.currency.as_str()) {
        return format!("{} {}", money.currency, grouped(money.amount));
    }
    format!("{} {}.{:02}", money.currency, grouped(money.amount / 100), money.amount % 100)
}

/// As it is typed: `12500.00`
pub(super) fn typed(money: &Money) -> String {
    if WHOLE.contains(&money.currency.as_str()) {
        return money.amount.to_string();
    }
    format!("{}.{:02}", money.amount / 100, money.amount % 100)
}

/// Whole minor units; what is no amount is below every amount.
pub(super) fn parse(text: &str, currency: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = if WHOLE.contains(&currency) { 0 } else { 2 };
    let groups: Vec<usize> = whole.split([',', ' ']).map(str::len).collect();
    // A comma before anything but three digits is none that separates thousands.
    if let [first, thousands @ ..] = groups.as_slice()
        && (*first == 0
            || thousands.iter().any(|digits| *digits != 3)
            || (!thousands.is_empty() && *first > 3))
    {
        return -1;
    }
    let whole = whole.replace([',', ' '], "");
    let fits = part.len() <= digits && part.bytes().all(|byte| byte.is_ascii_digit());
    let minor = format!("{whole}{part:0<digits$}");
    if fits && whole.bytes().all(|byte| byte.is_ascii_digit()) { minor.parse().unwrap_or(-1) } else { -1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_as_it_is_shown() {
        for (text, currency, amount) in [
            ("12,500.50", "USD", 1_250_050),
            ("12500", "USD", 1_250_000),
            ("12500.5", "EUR", 1_250_050),
            ("12500", "KRW", 12_500),
            ("12500.5", "KRW", -1),
            ("1,234,567", "USD", 123_456_700),
            ("12,5", "USD", -1),
            ("1,2,3", "USD", -1),
            ("1234,567", "USD", -1),
            (",500", "USD", -1),
            ("1.234,50", "EUR", -1),
            ("1.234", "USD", -1),
            ("-1", "USD", -1),
            ("", "USD", -1),
            ("x", "USD", -1),
        ] {
            assert_eq!(parse(text, currency), amount, "{text} {currency}");
        }
        let money = Money { amount: 1_250_050, currency: "USD".to_owned() };
        assert_eq!((shown(&money), typed(&money)), ("USD 12,500.50".into(), "12500.50".into()));
    }
}
