//! A socket with a limit on stalled writes, and on the bytes that a peer sends before the handshake is done.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::{bounds::WRITE_TIMEOUT, permits::Permit};

/// A TCP stream with a limit on how long a write makes no progress, and on how many bytes are read.
pub(super) struct BoundedStream {
    stream: TcpStream,
    /// Runs while a write waits for the peer.
    stalled: Option<Pin<Box<Sleep>>>,
    is_stalled: bool,
    allowance: Allowance,
    /// Returned when the socket closes: a websocket outlives the HTTP connection from which it was upgraded.
    _permit: Option<Arc<Permit>>,
}

/// The number of bytes that may still be read.
#[derive(Clone)]
pub(super) struct Allowance(Arc<AtomicUsize>);

impl Allowance {
    /// Lifts the limit.
    pub(super) fn lift(&self) {
        self.0.store(usize::MAX, Ordering::Relaxed);
    }
}

impl BoundedStream {
    /// A stream that reads at most `bytes` until [`Allowance::lift`], and holds a permit.
    pub(super) fn new(stream: TcpStream, bytes: usize, permit: Option<Arc<Permit>>) -> Self {
        let allowance = Allowance(Arc::new(AtomicUsize::new(bytes)));
        Self { stream, stalled: None, is_stalled: false, allowance, _permit: permit }
    }

    /// The limit on reading.
    pub(super) fn allowance(&self) -> Allowance {
        self.allowance.clone()
    }

    /// Fails a write that waits for the peer for [`WRITE_TIMEOUT`].
    fn progress<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.is_stalled = false;
            return outcome;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(WRITE_TIMEOUT)));
        if !self.is_stalled {
            self.is_stalled = true;
            stalled.as_mut().reset(Instant::now() + WRITE_TIMEOUT);
        }
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the peer does not read")))
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let left = this.allowance.0.load(Ordering::Relaxed);
        if left == usize::MAX {
            return Pin::new(&mut this.stream).poll_read(cx, buffer);
        }
        // Bytes behind a handshake stay in the socket until the limit is lifted. A handshake that needs
        // more bytes than the limit makes no progress, and is cut at its timeout.
        if left == 0 {
            return Poll::Pending;
        }
        let room = left.min(buffer.remaining());
        let mut part = ReadBuf::new(buffer.initialize_unfilled_to(room));
        ready!(Pin::new(&mut this.stream).poll_read(cx, &mut part))?;
        let read = part.filled().len();
        buffer.advance(read);
        this.allowance.0.store(left - read, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.progress(cx, outcome)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(cx, bytes);
        this.progress(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    async fn pair(bytes: usize) -> (BoundedStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap());
        let (accepted, peer) = tokio::join!(listener.accept(), peer);
        (BoundedStream::new(accepted.unwrap().0, bytes, None), peer.unwrap())
    }

    #[tokio::test]
    async fn a_peer_that_reads_nothing_is_given_up_and_one_that_reads_is_not() {
        let piece = vec![0; 16 * 1024 * 1024];
        let (mut stream, mut peer) = pair(usize::MAX).await;
        let mut read = vec![0; piece.len()];
        let (written, _) = tokio::join!(stream.write_all(&piece), peer.read_exact(&mut read));
        assert!(written.is_ok());
        tokio::time::pause();
        // The kernel takes some megabytes before a write waits.
        let given_up = async {
            loop {
                if let Err(error) = stream.write_all(&piece).await {
                    return error.kind();
                }
            }
        };
        assert_eq!(given_up.await, io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn what_a_peer_may_send_is_bounded_until_the_limit_is_lifted() {
        let (mut stream, mut peer) = pair(4).await;
        peer.write_all(b"abcdefghij").await.unwrap();
        let mut read = [0; 3];
        stream.read_exact(&mut read).await.unwrap();
        assert!(stream.read_exact(&mut read).now_or_never().is_none());
        stream.allowance().lift();
        stream.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"efg", "nothing is lost");
    }
}
