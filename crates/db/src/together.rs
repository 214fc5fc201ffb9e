//! Statements that travel together, wherever in the program each is known.

use std::marker::PhantomData;

use crate::tx::{Outcome, read_row};
use crate::{DbError, FromRow, Sql, ToValue, Value};

/// Statements that do not need each other's answers, for [`Tx::run_together`](crate::Tx::run_together).
/// Each feature adds its own and reads its own answer.
#[derive(Debug, Default)]
pub struct Together<'a> {
    pub(crate) statements: Vec<(Sql, Vec<Value<'a>>)>,
}

/// Where the answer of a statement will be, and what its row is read as.
#[derive(Debug)]
pub struct Place<R>(usize, PhantomData<fn() -> R>);

/// What the statements gave.
#[derive(Debug)]
pub struct Answers(pub(crate) Vec<(Outcome, &'static str)>);

impl<'a> Together<'a> {
    pub fn add<R>(&mut self, sql: Sql, params: &[&'a dyn ToValue]) -> Place<R> {
        self.statements.push((sql, params.iter().map(|&param| param.to_value()).collect()));
        Place(self.statements.len() - 1, PhantomData)
    }
}

impl Answers {
    /// The one row there is, or none; several are an error.
    pub fn found<R: FromRow>(&self, place: &Place<R>) -> Result<Option<R>, DbError> {
        let (outcome, statement) = self.at(place)?;
        outcome.one(statement)
    }

    /// Every row.
    pub fn list<R: FromRow>(&self, place: &Place<R>) -> Result<Vec<R>, DbError> {
        self.at(place)?.0.rows.iter().map(read_row).collect()
    }

    /// The number of rows that changed.
    pub fn affected<R>(&self, place: &Place<R>) -> Result<u64, DbError> {
        Ok(self.at(place)?.0.affected)
    }

    fn at<R>(&self, place: &Place<R>) -> Result<&(Outcome, &'static str), DbError> {
        self.0.get(place.0).ok_or_else(|| DbError::internal("an answer of other statements"))
    }
}
