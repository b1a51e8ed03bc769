//! (Model, Event) to wishes: the only place that changes the model.

use super::{Effect, Event, Model};

/// What to ask for at the start, before any event.
pub fn start(_model: &mut Model) -> Vec<Effect> {
    todo!()
}

/// Takes a fact in.
pub fn update(_model: &mut Model, _event: Event) -> Vec<Effect> {
    todo!()
}
