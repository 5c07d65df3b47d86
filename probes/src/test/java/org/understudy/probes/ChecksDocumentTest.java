package org.understudy.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts link to docs/checks.md: it has a section for every finding, and for no other. */
class ChecksDocumentTest {

    @Test
    void document_hasEachFinding_andSaysOfItWhatTheAlertSays() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "checks.md"));
        List<String> sections = document.lines()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        List<String> known = Stream.concat(
                        Arrays.stream(FindingType.values()).map(FindingType::id), Stream.of("probe-unknown"))
                .toList();
        assertThat(sections).containsExactlyInAnyOrderElementsOf(known);
        for (FindingType type : FindingType.values()) {
            assertThat(document).contains(type.title(), type.impact(), type.instruction(), type.source());
        }
    }
}
