//! argon2 with reused memory.

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::{self, Output, ParamsString, SaltString, rand_core::OsRng},
};

use super::PasswordError;

/// The most memory that a stored hash may ask for, in KiB: that of the hashes made here.
const MOST_MEMORY_KIB: usize = Params::DEFAULT_M_COST as usize;
/// The most passes that a stored hash may ask for.
const MOST_PASSES: u32 = 16;
/// The reserved memory, in blocks of 1 KiB. glibc keeps freed allocations of up to 32 MiB for
/// reuse, and returns larger allocations to the system at once. Untouched pages cost nothing.
const RESERVED_BLOCKS: usize = 40 * 1024;

/// The memory of one hash thread.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
}

impl Memory {
    /// Hashes a new password with a new salt.
    pub(super) fn hash(&mut self, password: &str) -> Result<String, PasswordError> {
        self.new_hash(password).map_err(unusable)
    }

    /// Whether a password belongs to a stored hash; false, after the same work, when there is no
    /// hash.
    pub(super) fn verify(
        &mut self,
        password: &str,
        stored: Option<&str>,
    ) -> Result<bool, PasswordError> {
        let Some(stored) = stored else { return self.hash(password).map(|_| false) };
        let stored = PasswordHash::new(stored).map_err(unusable)?;
        self.belongs(password, &stored).map_err(unusable)
    }

    fn new_hash(&mut self, password: &str) -> password_hash::Result<String> {
        let argon = Argon2::default();
        let salt = SaltString::generate(&mut OsRng);
        let output = self.output(&argon, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon.params())?,
            salt: Some(salt.as_salt()),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    fn belongs(
        &mut self,
        password: &str,
        stored: &PasswordHash<'_>,
    ) -> password_hash::Result<bool> {
        let (Some(salt), Some(expected)) = (stored.salt, stored.hash) else {
            return Err(password_hash::Error::PhcStringField);
        };
        let algorithm = Algorithm::try_from(stored.algorithm)?;
        let version = stored.version.map(Version::try_from).transpose()?.unwrap_or_default();
        let params = Params::try_from(stored)?;
        if params.block_count() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES {
            return Err(password_hash::Error::ParamsMaxExceeded);
        }
        let argon = Argon2::new(algorithm, version, params);
        let salt = SaltString::from_b64(salt.as_str())?;
        // Outputs are compared in constant time.
        Ok(self.output(&argon, password, &salt, expected.len())? == expected)
    }

    fn output(
        &mut self,
        argon: &Argon2<'_>,
        password: &str,
        salt: &SaltString,
        length: usize,
    ) -> password_hash::Result<Output> {
        let mut bytes = [0; 64];
        let salt = salt.as_salt().decode_b64(&mut bytes)?;
        let blocks = self.blocks(argon.params().block_count());
        Output::init_with(length, |out| {
            Ok(argon.hash_password_into_with_memory(password.as_bytes(), salt, out, blocks)?)
        })
    }

    fn blocks(&mut self, count: usize) -> &mut [Block] {
        if self.blocks.capacity() == 0 {
            self.blocks = Vec::with_capacity(RESERVED_BLOCKS);
        }
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::default());
        }
        &mut self.blocks
    }
}

fn unusable(error: password_hash::Error) -> PasswordError {
    PasswordError::Hash(error.to_string())
}
