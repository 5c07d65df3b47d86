package org.understudy.agent.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.dropwizard.jackson.Jackson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.understudy.spool.OrderResult;
import org.understudy.spool.QueueId;

class ResultJsonTest {

    @Test
    void queueIds_areTexts() throws JsonProcessingException {
        QueueId id = new QueueId("0ABCDEF12345");
        OrderResult result =
                new OrderResult(0, 0, List.of(id), List.of(), List.of(new OrderResult.Refusal(id, "it has no sender")));
        assertThat(ResultJson.configure(Jackson.newObjectMapper()).writeValueAsString(result))
                .contains("\"busy\":[\"0ABCDEF12345\"]")
                .contains("\"refused\":[{\"id\":\"0ABCDEF12345\",\"why\":\"it has no sender\"}]");
    }
}
