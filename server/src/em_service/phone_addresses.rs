//! The addresses of phones, looked up for all requests that wait together: one reading for each
//! would cost a busy server as much as the logins.

use std::net::IpAddr;

use engine::ports::Lookups;
use store::SqliteStore;
use terms::ErrorCode;
use tokio::sync::{mpsc, oneshot};

use super::{origin::address, store_code};

/// Requests whose look-up may wait; one more waits to be taken.
const WAITING: usize = 1024;
/// Phones that are looked up at a time.
const AT_A_TIME: usize = 256;

type Answer = Result<Option<IpAddr>, ErrorCode>;

struct Question {
    phone: String,
    answer: oneshot::Sender<Answer>,
}

/// Where the addresses of phones are found.
pub(super) struct PhoneAddresses {
    questions: mpsc::Sender<Question>,
}

impl PhoneAddresses {
    /// Reads from `store` as long as this is there.
    pub(super) fn of(store: SqliteStore) -> Self {
        let (questions, asked) = mpsc::channel(WAITING);
        tokio::spawn(answer_all(store, asked));
        Self { questions }
    }

    /// The phone's own address, as it stands in the database after this is asked.
    ///
    /// # Errors
    /// When the store can't say.
    pub(super) async fn find(&self, phone: &str) -> Answer {
        let (answer, answered) = oneshot::channel();
        let question = Question { phone: phone.to_owned(), answer };
        self.questions.send(question).await.map_err(|_| ErrorCode::Database)?;
        answered.await.map_err(|_| ErrorCode::Database)?
    }
}

async fn answer_all(store: SqliteStore, mut asked: mpsc::Receiver<Question>) {
    let mut questions = Vec::with_capacity(AT_A_TIME);
    while asked.recv_many(&mut questions, AT_A_TIME).await > 0 {
        let names: Vec<_> = questions.iter().map(|one| one.phone.clone()).collect();
        let found = store.phones(&names).await.map_err(store_code);
        for (index, question) in questions.drain(..).enumerate() {
            let own = found.as_ref().map_err(|code| *code).map(|(_, phones)| {
                let phone = phones.get(index)?.as_ref()?;
                phone.address.as_deref().and_then(address)
            });
            // Who does not wait any more has no use for it.
            let _ = question.answer.send(own);
        }
    }
}
