//! Streams of events that stop with their receiver.
use super::SourceEvent;
use futures::channel::mpsc::UnboundedReceiver;
use futures::future::ready;
use futures::stream::{LocalBoxStream, StreamExt as _, once, select};

/// Returns the events that `work` sends. It runs while the stream is polled, and ends when that is dropped.
pub(super) fn driven(
    events: UnboundedReceiver<SourceEvent>,
    work: impl Future<Output = ()> + 'static,
) -> LocalBoxStream<'static, SourceEvent> {
    select(events, once(work).filter_map(|()| ready(None))).boxed_local()
}
