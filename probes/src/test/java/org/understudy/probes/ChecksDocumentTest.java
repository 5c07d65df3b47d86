package org.understudy.probes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Alerts link to docs/checks.md: it has a section for every finding, and for no other. */
class ChecksDocumentTest {
    private static final Pattern SECTION = Pattern.compile("(?ms)^## (\\S+)$(.*?)(?=^##? |\\z)");

    private static Map<String, String> sections() throws IOException {
        Map<String, String> sections = new LinkedHashMap<>();
        List<MatchResult> found = SECTION.matcher(Files.readString(Path.of("..", "docs", "checks.md")))
                .results()
                .toList();
        found.forEach(section -> assertThat(sections.put(section.group(1), section.group(2)))
                .as(section.group(1) + " has a second section")
                .isNull());
        return sections;
    }

    @Test
    void document_hasEachFinding_andNoOther() throws IOException {
        assertThat(sections().keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Arrays.stream(FindingType.values()).map(FindingType::id), Stream.of("probe-unknown"))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void section_saysAllThatOneMustKnow_asTheProbeHandlesIt(FindingType type) throws IOException {
        String confirmed = switch (type.confirmation()) {
            case REPEATED -> "in `probes.failureThreshold` runs in a row.";
            case IMMEDIATE -> "at once.";
        };
        assertThat(sections().get(type.id()))
                .containsPattern(
                        "(?m)^\\*\\*\\S.*\\*\\* — " + type.severity().name().toLowerCase(Locale.ROOT) + "$")
                .containsPattern("\\* \\*\\*What it does to mail:\\*\\* \\S.*\n")
                .containsPattern("\\* \\*\\*How it is found:\\*\\* \\S.*\n")
                .contains("* **Confirmed:** " + confirmed + "\n")
                .containsPattern("\\* \\*\\*What to do:\\*\\* \\S.*\n")
                .containsPattern("\\* \\*\\*Source:\\*\\* \\S.*\n")
                .containsPattern("\\* \\*\\*When it can be wrong:\\*\\* \\S.*\n");
    }
}
