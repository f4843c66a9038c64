//! argon2 with reused memory.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
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
        let argon = Argon2::default();
        let salt = Salt::generate();
        let output = self.output(&argon, password, &salt, Params::DEFAULT_OUTPUT_LEN)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon.params()).map_err(unusable)?,
            salt: Some(salt),
            hash: Some(output),
        };
        Ok(hash.to_string())
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
        let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
            return Err(unusable("the hash is incomplete"));
        };
        let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(unusable)?;
        let version = stored.version.map(Version::try_from).transpose().map_err(unusable)?;
        let params = Params::try_from(&stored).map_err(unusable)?;
        if params.block_count() > MOST_MEMORY_KIB || params.t_cost() > MOST_PASSES {
            return Err(unusable("the hash asks for more memory or passes than there are for it"));
        }
        let argon = Argon2::new(algorithm, version.unwrap_or_default(), params);
        // Outputs are compared in constant time.
        Ok(self.output(&argon, password, salt, expected.len())? == *expected)
    }

    fn output(
        &mut self,
        argon: &Argon2<'_>,
        password: &str,
        salt: &Salt,
        length: usize,
    ) -> Result<Output, PasswordError> {
        let mut bytes = [0; Output::MAX_LENGTH];
        let out = bytes.get_mut(..length).ok_or_else(|| unusable("the hash is too long"))?;
        let blocks = self.blocks(argon.params().block_count());
        argon
            .hash_password_into_with_memory(password.as_bytes(), salt, out, blocks)
            .map_err(unusable)?;
        Output::new(out).map_err(unusable)
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

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unusable(error: impl ToString) -> PasswordError {
    PasswordError::Hash(error.to_string())
}
