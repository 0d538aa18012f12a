//! Recorded requests as values.

use mediajobs_runtime::codec::Read;
use mediajobs_runtime::{Limits, Operation, ReadError, server};

use super::RecordedRequest;

impl RecordedRequest {
    /// The request as a value, as the service reads it.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
    /// use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
    /// use mediajobs_mock::MockCloud;
    ///
    /// let cloud = MockCloud::start().await?;
    /// let project = ProjectId::new("6204a5bd270343b5885144cf9c8c158d");
    /// let client = cloud.client_builder::<HuaweiVas>("cn-north-4").with(project).build()?;
    /// client.send(ListTasks::new("face-detect").limit(5)).await?;
    /// assert_eq!(cloud.requests()[0].read::<ListTasks>()?.limit, Some(5));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// It is a request of another operation, or none that can be read.
    pub fn read<O: Operation + Read>(&self) -> Result<O, ReadError> {
        let mut request = http::Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        // What came was a target; what is none is no request of any operation.
        *request.uri_mut() = self.target.parse().unwrap_or_default();
        *request.headers_mut() = self.headers.clone();
        server::read(&request, Limits::DEFAULT)
    }
}

#[cfg(test)]
mod tests {
    use mediajobs_alibaba_ice::AlibabaIce;
    use mediajobs_alibaba_ice::operations::list_dna_db::ListDnaDb;
    use mediajobs_alibaba_ice::operations::list_smart_jobs::ListSmartJobs;
    use mediajobs_alibaba_ice::operations::query_dna_job_list::QueryDnaJobList;
    use mediajobs_alibaba_ice::operations::submit_asr_job::SubmitAsrJob;
    use mediajobs_huawei_vas::operations::show_task::ShowTask;
    use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
    use mediajobs_runtime::{Client, Operation, Service};
    use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
    use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCover, SmartCoverOperation};
    use mediajobs_tencent_ci::{Bucket, TencentCi};

    use super::*;
    use crate::cloud::MockCloud;

    async fn check<O>(cloud: &MockCloud, client: &Client<O::Service>, request: O)
    where
        O: Operation + Read + Clone + PartialEq + std::fmt::Debug,
    {
        // What is answered does not matter: a task that is not there was asked for, too.
        let _ = client.send(request.clone()).await;
        let recorded = cloud.requests().pop().expect("a request");
        assert_eq!(recorded.service().info().name, O::Service::INFO.name);
        assert_eq!(recorded.read::<O>().expect("the operation"), request);
    }

    #[tokio::test]
    async fn requests_of_each_service_are_read() {
        let cloud = MockCloud::start().await.expect("a cloud");
        let ice = cloud.client_builder::<AlibabaIce>("cn-shanghai").transport(cloud.transport()).build();
        let ice = ice.expect("a client");
        check(&cloud, &ice, SubmitAsrJob::new().input_file("oss://a/b c.mp4").title("ü & <b>")).await;
        check(&cloud, &ice, ListSmartJobs::new().page_no(2)).await;
        check(&cloud, &ice, ListDnaDb::new()).await;
        // It has the same method and path, and requires nothing.
        let error =
            cloud.requests().pop().expect("a request").read::<QueryDnaJobList>().expect_err("another operation");
        assert_eq!(error.to_string(), "expected the action QueryDNAJobList, found \"ListDNADB\"");

        let project = ProjectId::new("6204a5bd270343b5885144cf9c8c158d");
        let vas = cloud.client_builder::<HuaweiVas>("cn-north-4").with(project).transport(cloud.transport()).build();
        let task = ShowTask::new("face-detect", "0123456789abcdef0123456789abcdef");
        check(&cloud, &vas.expect("a client"), task).await;

        let bucket = Bucket::new("test-1234567890");
        let ci = cloud.client_builder::<TencentCi>("ap-chongqing").with(bucket).transport(cloud.transport()).build();
        let output = OutputObject::new("ap-chongqing", "test-1234567890", "ü & <b>/${number}.jpg");
        let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(5));
        check(&cloud, &ci.expect("a client"), SubmitSmartCoverJob::new(InputObject::new("a.mp4"), operation)).await;
    }
}
