//! Accepts connections on one listener, over TLS if asked, until it is stopped.

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::observe::Connection;

pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        if let Ok((stream, _)) = accepted {
            // As servers on the internet do: an answer in two pieces would wait 40 ms for the
            // client's acknowledgement.
            let _slower_otherwise = stream.set_nodelay(true);
            tokio::spawn(converse(
                stream,
                tls.clone(),
                router.clone(),
                stop.child_token(),
            ));
        }
    }
}

/// One connection, from handshake to end; a client that fails the handshake is simply gone.
async fn converse(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    cut: CancellationToken,
) {
    let router = router.layer(Extension(Connection(cut.clone())));
    let conversation = async {
        match tls {
            None => answer(stream, router).await,
            Some(tls) => {
                if let Ok(stream) = tls.accept(stream).await {
                    answer(stream, router).await;
                }
            }
        }
    };
    tokio::select! {
        () = cut.cancelled() => {}
        () = conversation => {}
    }
}

async fn answer<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(stream: S, router: Router) {
    let service = TowerToHyperService::new(router);
    // How a connection ends is the client's affair, and sometimes the purpose of a fault.
    let _ended = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
