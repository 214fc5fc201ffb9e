mod leaving;
pub(crate) mod requests;
