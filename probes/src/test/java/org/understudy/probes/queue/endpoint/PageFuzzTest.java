package org.understudy.probes.queue.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a page says is numbers, or is refused in one sentence; and so is whatever an operator looks for. */
class PageFuzzTest {
    private static final List<PageFormat> FORMATS = List.of(
            MetricsPage.of(Map.of(Figure.COUNT, "queue{state=\"deferred\"}", Figure.OLDEST_AGE, "age")),
            JsonPage.of(Map.of(Figure.COUNT, "/queue/0/count", Figure.OLDEST_TIME, "/oldest")));

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "# TYPE queue gauge\nqueue{state=\"deferred\",host=\"a\\\"\\\\\\n\"} 3 1795680000\nage +Inf\n",
                        "queue { state = \"deferred\" , } 1e3\nage NaN # {trace=\"1\"} 1\n",
                        "queue{state=\"\n",
                        "{\"queue\": [{\"count\": 3}], \"oldest\": \"2026-11-26T12:00:00Z\"}",
                        "{\"oldest\": 1e400, \"queue\": \"7\"}",
                        "<html>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void page(byte[] octets) {
        for (PageFormat format : FORMATS) {
            try {
                assertThat(format.read(new ByteArrayInputStream(octets)).values())
                        .allSatisfy(number -> assertThat(number).isNotNaN());
            } catch (Page.Refused e) {
                assertThat(String.valueOf(e.getMessage()).chars()).noneMatch(Character::isISOControl);
            } catch (IOException e) {
                throw new AssertionError("octets in memory cannot fail", e);
            }
        }
        selector(new String(octets, StandardCharsets.UTF_8));
    }

    private static void selector(String text) {
        try {
            assertThat(MetricSelector.parse(text).name()).isNotEmpty();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining(" is no metric: ");
        }
    }
}
