use types::{PublisherId, Timestamp};

use super::filter::LicensingOption;
use super::*;
use crate::catalog::listing::{Listing, Texts};

/// Address, publisher, name, summary, description, keywords, category.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const SHOP: &[Row] = &[
    (
        "fabrikam.f365",
        "Fabrikam",
        "Fabrikam 365",
        "Field service from first call to last invoice",
        "Dispatch technicians, track inventory and send invoices.",
        &["field service", "dispatch"],
        "operations",
    ),
    (
        "fabrikam.campus",
        "Fabrikam",
        "Fabrikam Campus",
        "Admissions, courses and alumni in one place",
        "Runs a university from the first application on.",
        &["education", "students"],
        "education",
    ),
    (
        "litware.ledger",
        "Litware",
        "Litware Ledger",
        "Double-entry bookkeeping that explains itself",
        "Accounts, taxes and closing of the year.",
        &["accounting", "finance"],
        "finance",
    ),
    (
        "litware.payroll",
        "Litware",
        "Payroll Plus",
        "Pay people right and on time",
        "Salaries, taxes and pensions in twelve countries.",
        &["payroll", "salary"],
        "human resources",
    ),
    (
        "contoso.crm",
        "Contoso",
        "Contoso CRM",
        "Every customer in one view",
        "Sales pipeline, contacts and quotes.",
        &["crm", "sales"],
        "sales",
    ),
    (
        "northwind.stock",
        "Northwind Traders",
        "Stockroom",
        "Inventory that counts itself",
        "Warehouses, barcodes and reordering.",
        &["inventory", "warehouse"],
        "operations",
    ),
    (
        "northwind.cafe",
        "Northwind Traders",
        "Café Manager",
        "Tables, orders and staff of a café",
        "For restaurants and bars.",
        &["restaurant"],
        "operations",
    ),
    (
        "adatum.hr",
        "A. Datum",
        "People Desk",
        "Leave, reviews and onboarding",
        "Human resources for small teams.",
        &["hr", "people"],
        "human resources",
    ),
    (
        "adatum.quotes",
        "A. Datum",
        "Quote Builder",
        "Quotes that customers accept",
        "Prices, discounts and approvals.",
        &["quotes", "cpq"],
        "sales",
    ),
    (
        "proseware.chat",
        "Proseware",
        "Chat Desk",
        "Answer customers where they write",
        "Messages from the web and from phones.",
        &["support", "chat"],
        "sales",
    ),
    (
        "proseware.survey",
        "Proseware",
        "Survey Kit",
        "Ask, and know",
        "Questionnaires for customers and employees.",
        &["survey"],
        "marketing",
    ),
    (
        "wingtip.fleet",
        "Wingtip",
        "Fleet Watch",
        "Know where every vehicle is",
        "Maintenance, fuel and drivers.",
        &["fleet", "vehicles"],
        "operations",
    ),
    (
        "wingtip.toys",
        "Wingtip",
        "Toy Planner",
        "From sketch to shelf",
        "Product planning for toy makers.",
        &["planning"],
        "operations",
    ),
    (
        "relecloud.bi",
        "Relecloud",
        "Relecloud Insights",
        "Dashboards without a data team",
        "Reports and charts over your own tables.",
        &["analytics", "reports"],
        "analytics",
    ),
    (
        "tailspin.legal",
        "Tailspin",
        "Contract Desk",
        "Contracts from draft to signature",
        "Clauses, deadlines and renewals.",
        &["contracts", "legal"],
        "legal",
    ),
];

fn shop() -> SearchIndex {
    let mut index = SearchIndex::default();
    for row in SHOP {
        index.put(entry(row));
    }
    index
}

fn entry((address, publisher, name, summary, description, keywords, category): &Row) -> Entry {
    let (publisher_id, offer) = address.split_once('.').unwrap();
    let texts = Texts {
        name: Some((*name).to_owned()),
        summary: Some((*summary).to_owned()),
        description: Some((*description).to_owned()),
        keywords: keywords.iter().map(|text| (*text).to_owned()).collect(),
    };
    let korean = match offer {
        "campus" => Some("파브리캄 캠퍼스를 운영합니다"),
        "stock" => Some("재고 관리"),
        _ => None,
    };
    let korean = korean.map(|name| {
        let tag = serde_json::from_value(serde_json::json!("ko")).unwrap();
        (tag, Texts { name: Some(name.to_owned()), ..Texts::default() })
    });
    Entry {
        address: (*address).to_owned(),
        publisher_id: PublisherId::parse(publisher_id).unwrap(),
        publisher_name: (*publisher).to_owned(),
        listing: Listing {
            texts,
            translations: korean.into_iter().collect(),
            products: vec![if offer.len() > 4 { "Dynamics" } else { "Teams" }.to_owned()],
            ..Listing::default()
        },
        categories: vec![(*category).to_owned()],
        industries: vec!["retail".to_owned()],
        markets: vec!["KR".to_owned().try_into().unwrap()],
        licensing_option: LicensingOption::LicenseManagement,
        live_since: Timestamp::from_micros(0),
        public: true,
        private_plans: Vec::new(),
    }
}

fn first(index: &SearchIndex, query: &str) -> String {
    let found = index.search(query, &Filters::default());
    found.hits.first().map(|hit| hit.entry.address.clone()).unwrap_or_default()
}

/// STO-01: twenty queries and the listing that each must find first: by name, publisher, summary, keyword and
/// description, with beginnings, typos, accents left out, in Korean, and with words that nothing has.
#[test]
fn twenty_queries_find_what_is_meant() {
    let index = shop();
    let expected = [
        ("fabrikam 365", "fabrikam.f365"),
        ("campus", "fabrikam.campus"),
        ("inventory", "northwind.stock"),
        ("inventroy", "northwind.stock"),
        ("accounting", "litware.ledger"),
        ("acounting", "litware.ledger"),
        ("payroll", "litware.payroll"),
        ("salaries taxes", "litware.payroll"),
        ("cafe", "northwind.cafe"),
        ("CAFÉ manager", "northwind.cafe"),
        ("cont crm", "contoso.crm"),
        ("human resources", "adatum.hr"),
        ("quotes", "adatum.quotes"),
        ("wingtip vehicle", "wingtip.fleet"),
        ("vehicels", "wingtip.fleet"),
        ("dashbord reports", "relecloud.bi"),
        ("contracts", "tailspin.legal"),
        ("캠퍼스", "fabrikam.campus"),
        ("재고", "northwind.stock"),
        ("university unicorns", "fabrikam.campus"),
    ];
    assert_eq!(expected.len(), 20);
    for (query, address) in expected {
        assert_eq!(first(&index, query), address, "{query}");
    }
    assert_eq!(index.search("zzzzqqqq", &Filters::default()).hits.len(), 0);
}

/// STO-01: filters keep what fits all of them; facets count what each would keep, the others applied.
#[test]
fn filters_and_facets_agree() {
    let index = shop();
    let operations = Filters {
        categories: vec!["operations".to_owned()],
        products: vec!["Teams".to_owned()],
        ..Filters::default()
    };
    let found = index.search("", &operations);
    let addresses: Vec<&str> = found.hits.iter().map(|hit| hit.entry.address.as_str()).collect();
    assert_eq!(addresses, ["fabrikam.f365", "northwind.cafe", "wingtip.toys"]);
    assert_eq!(found.facets.products["Teams"], 3);
    assert_eq!(found.facets.products["Dynamics"], 2, "behind the other product, the category applied");
    assert_eq!(found.facets.categories["operations"], 3);
    assert_eq!(found.facets.categories["sales"], 2);
    let none = Filters { markets: vec!["DE".to_owned().try_into().unwrap()], ..Filters::default() };
    assert_eq!(index.search("inventory", &none).hits.len(), 0);
}

/// STO-01: a listing that changed is found as it is, one that left is not; building anew changes nothing.
#[test]
fn what_changes_is_found_as_it_is() {
    let mut index = shop();
    for round in 0..100 {
        let mut changed = SHOP[5];
        changed.2 = if round % 2 == 0 { "Depot" } else { "Stockroom" };
        index.put(entry(&changed));
    }
    assert_eq!(
        (first(&index, "stockroom"), first(&index, "depot")),
        ("northwind.stock".to_owned(), String::new())
    );
    assert!(index.documents.len() <= 65, "what is dead does not pile up");
    index.remove("northwind.stock");
    assert_eq!((first(&index, "inventory"), index.len()), ("fabrikam.f365".to_owned(), SHOP.len() - 1));
}

/// STO-05: a listing with private plans only is found by those whom one is for.
#[test]
fn private_listings_are_found_by_their_audience() {
    let mut index = shop();
    let plan = types::ServiceId::parse("fabrikam.f365.vip").unwrap();
    index.put(Entry { public: false, private_plans: vec![plan.clone()], ..entry(&SHOP[0]) });
    assert_ne!(first(&index, "fabrikam 365"), "fabrikam.f365");
    let audience = Filters { private_plans: [plan].into(), ..Filters::default() };
    assert_eq!(index.search("fabrikam 365", &audience).hits[0].entry.address, "fabrikam.f365");
    assert_eq!(index.search("", &Filters::default()).facets.categories["operations"], 4);
}
