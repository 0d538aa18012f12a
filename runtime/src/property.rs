//! How property tests run here: the same cases everywhere, so that what passes once passes always.

use proptest::test_runner::{Config, RngSeed};

pub(crate) fn fixed() -> Config {
    Config { rng_seed: RngSeed::Fixed(20_201_109), failure_persistence: None, ..Config::default() }
}
