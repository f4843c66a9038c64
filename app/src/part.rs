//! Parts of the program that the browser loads on demand.
//!
//! If a part can't be loaded, the script that started the program loads the requested page instead.

use std::pin::Pin;

use leptos::prelude::*;

/// The error that a part could not be loaded.
#[derive(Debug)]
pub(crate) struct Missing;

#[cfg(feature = "hydrate")]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Defines a function whose code is a separate part: `part!(fn name(argument: Type), preload { … })`.
/// `preload` is the name of the function that loads the part without calling it.
macro_rules! part {
    ($(#[$meta:meta])* fn $name:ident($($argument:ident: $type:ty),*), $preload:ident $body:block) => {
        $(#[$meta])*
        #[cfg(feature = "hydrate")]
        #[::leptos::wasm_split::wasm_split(
            $name,
            wasm_split_path = ::leptos::wasm_split,
            preload($preload),
            fallible
        )]
        fn $name($($argument: $type),*) -> Result<AnyView, $crate::part::Missing> {
            Ok($body)
        }

        $(#[$meta])*
        #[cfg(not(feature = "hydrate"))]
        async fn $name($($argument: $type),*) -> Result<AnyView, $crate::part::Missing> {
            Ok($body)
        }
    };
}
pub(crate) use part;

/// Loads a part before it is shown.
macro_rules! load_early {
    ($preload:ident) => {
        // A failed load is handled when the part is needed.
        #[cfg(feature = "hydrate")]
        ::leptos::task::spawn_local(async {
            let _ = $preload().await;
        });
    };
}
pub(crate) use load_early;

/// The view of a part, which appears once the part is loaded.
/// All parts have this one type, so that the code that waits comes into the browser once, and not once for each part.
pub(crate) fn later(
    part: impl Future<Output = Result<AnyView, Missing>> + Send + 'static,
) -> AnyView {
    let view: Pin<Box<dyn Future<Output = AnyView> + Send>> = Box::pin(shown(part));
    Suspend::new(view).into_any()
}

/// The view of a part, once the part is loaded.
/// If the part can't be loaded, the future never resolves, until the script loads another page.
pub(crate) async fn shown(part: impl Future<Output = Result<AnyView, Missing>>) -> AnyView {
    let Ok(view) = part.await else {
        crate::start::lacks_a_part();
        return std::future::pending().await;
    };
    view
}
