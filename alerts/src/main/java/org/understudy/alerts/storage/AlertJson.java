package org.understudy.alerts.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.AlertState;
import org.understudy.alerts.AlertsException;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;

/** An alert as JSON text, as it is kept in the tables. Written by hand so that a renamed component breaks a test. */
final class AlertJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertJson() {}

    static String write(Alert alert) {
        ObjectNode node = JSON.createObjectNode();
        node.put("incident", alert.incident());
        node.put("source", alert.source());
        node.put("state", alert.state().name());
        node.put("severity", alert.severity().name());
        node.put("since", alert.since().toEpochMilli());
        alert.firedAt().ifPresent(at -> node.put("firedAt", at.toEpochMilli()));
        alert.resolvedAt().ifPresent(at -> node.put("resolvedAt", at.toEpochMilli()));
        node.put("lastSeen", alert.lastSeen().toEpochMilli());
        node.put("badReports", alert.badReports());
        node.put("goodReports", alert.goodReports());
        alert.toldAt().ifPresent(at -> node.put("toldAt", at.toEpochMilli()));
        node.put("toldSeverity", alert.toldSeverity().name());
        node.put("closing", alert.closing());
        writeSignal(node.putObject("signal"), alert.signal());
        return node.toString();
    }

    private static void writeSignal(ObjectNode node, Signal signal) {
        node.put("domain", signal.key().domain());
        node.put("check", signal.key().check());
        node.put("subject", signal.key().subject());
        node.put("severity", signal.severity().name());
        node.put("title", signal.title());
        node.put("summary", signal.summary());
        node.put("impact", signal.impact());
        node.put("instruction", signal.instruction());
        ObjectNode evidence = node.putObject("evidence");
        signal.evidence().forEach(evidence::put);
        signal.link().ifPresent(link -> node.put("link", link.toString()));
        node.put("failureThreshold", signal.policy().failureThreshold());
        node.put("successThreshold", signal.policy().successThreshold());
        node.put("repeatMillis", signal.policy().repeatInterval().toMillis());
    }

    static Alert read(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return new Alert(
                    node.path("incident").asText(),
                    node.path("source").asText(),
                    AlertState.valueOf(node.path("state").asText()),
                    Severity.valueOf(node.path("severity").asText()),
                    Instant.ofEpochMilli(node.path("since").asLong()),
                    time(node, "firedAt"),
                    time(node, "resolvedAt"),
                    Instant.ofEpochMilli(node.path("lastSeen").asLong()),
                    node.path("badReports").asInt(),
                    node.path("goodReports").asInt(),
                    time(node, "toldAt"),
                    Severity.valueOf(node.path("toldSeverity").asText()),
                    readSignal(node.path("signal")),
                    node.path("closing").asText());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new AlertsException("An alert in the database cannot be read.", e);
        }
    }

    private static Optional<Instant> time(JsonNode node, String name) {
        return node.has(name) ? Optional.of(Instant.ofEpochMilli(node.path(name).asLong())) : Optional.empty();
    }

    private static Signal readSignal(JsonNode node) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.path("evidence").properties()) {
            evidence.put(entry.getKey(), entry.getValue().asText());
        }
        return new Signal(
                new AlertKey(
                        node.path("domain").asText(),
                        node.path("check").asText(),
                        node.path("subject").asText()),
                Severity.valueOf(node.path("severity").asText()),
                node.path("title").asText(),
                node.path("summary").asText(),
                node.path("impact").asText(),
                node.path("instruction").asText(),
                evidence,
                node.has("link") ? Optional.of(URI.create(node.path("link").asText())) : Optional.empty(),
                new AlertPolicy(
                        node.path("failureThreshold").asInt(),
                        node.path("successThreshold").asInt(),
                        Duration.ofMillis(node.path("repeatMillis").asLong())));
    }
}
