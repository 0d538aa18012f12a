//! `cover-maker REGION BUCKET VIDEO…`: makes covers of videos in a bucket, and prints their keys.
//!
//! The access key comes from the vendor's environment variables or credentials file. COVER_MAKER_ENDPOINT is for tests: where a
//! stand-in listens.

use std::env;
use std::process::ExitCode;

use cover_maker::{CoverMaker, advice};
use mediajobs_tencent_ci::{Bucket, Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(region), Some(bucket)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: cover-maker REGION BUCKET VIDEO…");
        return ExitCode::from(2);
    };
    let client = match client(&region, &bucket) {
        Ok(client) => client,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let mut code = ExitCode::SUCCESS;
    for (video, covers) in CoverMaker::new(client, region, bucket).covers_of_all(arguments.collect()).await {
        match covers {
            Ok(covers) => println!("{video}: {}", covers.join(" ")),
            Err(error) => {
                eprintln!("{video}: {error}\n  {}", advice(&error));
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn client(region: &str, bucket: &str) -> Result<Client, Error> {
    let mut builder = Client::builder(region).with(Bucket::new(bucket));
    if let Ok(endpoint) = env::var("COVER_MAKER_ENDPOINT") {
        builder = builder.endpoint(endpoint).allow_http(true);
    }
    builder.build()
}
