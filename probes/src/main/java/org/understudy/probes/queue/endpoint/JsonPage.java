package org.understudy.probes.queue.endpoint;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.queue.Words;

/**
 * One JSON text. A number may stand in a string, and a time may be written as RFC 3339 has it. Immutable.
 *
 * @param wanted where each number stands (RFC 6901)
 */
record JsonPage(Map<Figure, JsonPointer> wanted) implements PageFormat {
    private static final long LARGEST = 4L * 1024 * 1024;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws IllegalArgumentException if a text is no pointer */
    static JsonPage of(Map<Figure, String> pointers) {
        Map<Figure, JsonPointer> wanted = new EnumMap<>(Figure.class);
        pointers.forEach((figure, pointer) -> {
            // The empty pointer is the whole text, which may be a number.
            if (!pointer.isEmpty() && !pointer.startsWith("/")) {
                throw new IllegalArgumentException(
                        figure.key() + ": \"" + pointer + "\" is no JSON pointer; write it as /queue/messages");
            }
            wanted.put(figure, JsonPointer.compile(pointer));
        });
        return new JsonPage(wanted);
    }

    @Override
    public Map<Figure, Double> read(InputStream in) throws IOException {
        JsonNode root;
        try {
            // Always UTF-8 (RFC 8259 section 8.1).
            root = JSON.readTree(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new Page.Refused("is no JSON: " + Words.brief(e.getOriginalMessage()));
        }
        Map<Figure, Double> found = new EnumMap<>(Figure.class);
        wanted.forEach((figure, pointer) -> number(figure, root.at(pointer)).ifPresent(n -> found.put(figure, n)));
        return found;
    }

    private static Optional<Double> number(Figure figure, JsonNode node) {
        if (node.isNumber()) {
            return finite(node.doubleValue());
        }
        if (!node.isTextual()) {
            return Optional.empty();
        }
        try {
            return finite(Double.parseDouble(node.textValue()));
        } catch (NumberFormatException e) {
            return figure == Figure.OLDEST_TIME ? time(node.textValue()) : Optional.empty();
        }
    }

    private static Optional<Double> finite(double number) {
        return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    }

    private static Optional<Double> time(String text) {
        try {
            return Optional.of((double) OffsetDateTime.parse(text).toEpochSecond());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public long largest() {
        return LARGEST;
    }
}
