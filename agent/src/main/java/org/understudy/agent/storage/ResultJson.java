package org.understudy.agent.storage;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.dropwizard.jackson.Jackson;
import java.util.Arrays;
import org.understudy.probes.FindingType;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.DomainName;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;

/** Results as JSON, the same in the database and in the API. Thread-safe. */
public final class ResultJson {
    private static final ObjectMapper MAPPER = configure(Jackson.newObjectMapper());

    private ResultJson() {}

    /** Teaches a mapper the values of the probes: finding types by their id, times in ISO 8601. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        return mapper.registerModule(new SimpleModule("probes")
                        .setMixInAnnotation(FindingType.class, FindingTypeById.class)
                        .setMixInAnnotation(DomainName.class, NameAsText.class)
                        .setMixInAnnotation(QueueId.class, NameAsText.class)
                        .setMixInAnnotation(NextHop.class, NextHopWithoutCertificates.class))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    }

    static String write(ProbeResult result) {
        try {
            return MAPPER.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a probe result cannot be written as JSON", e);
        }
    }

    static ProbeResult read(String document) throws JsonProcessingException {
        return MAPPER.readValue(document, ProbeResult.class);
    }

    private abstract static class NameAsText {
        @JsonValue
        abstract String text();
    }

    /** Whole certificates help nobody who reads a status. */
    @JsonIgnoreProperties("trust")
    private abstract static class NextHopWithoutCertificates {}

    private abstract static class FindingTypeById {
        @JsonValue
        abstract String id();

        @JsonCreator
        static FindingType of(String id) {
            return Arrays.stream(FindingType.values())
                    .filter(type -> type.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no finding type " + id));
        }
    }
}
