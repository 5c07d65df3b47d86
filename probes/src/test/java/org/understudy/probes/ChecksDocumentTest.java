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
import java.util.Set;
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

    /** Ids behind a heading, with what stands in the last column. */
    private static Map<String, String> table(String heading) throws IOException {
        String text = Files.readString(Path.of("..", "docs", "checks.md"));
        String part = text.substring(text.indexOf("\n# " + heading + "\n") + 1);
        int end = part.indexOf("\n# ", 1);
        Map<String, String> rows = new LinkedHashMap<>();
        Pattern.compile("(?m)^\\|(?: [^|]+ \\|)? ([a-z0-9][a-z0-9-]*-[a-z0-9-]+) \\| ([^|]+) \\|$")
                .matcher(end < 0 ? part : part.substring(0, end))
                .results()
                .forEach(row -> assertThat(rows.put(row.group(1), row.group(2)))
                        .as(row.group(1) + " has a second row")
                        .isNull());
        return rows;
    }

    @Test
    void tableOfAllChecks_saysOfEachWhatIsSo() throws IOException {
        Map<String, String> all = table("All checks");
        Set<String> reasons = table("Not observed").keySet();
        // The catalogue has 175, and a declared primary without a record has an id of its own here.
        assertThat(all).hasSize(176);
        assertThat(all.keySet()).containsAll(reasons);
        assertThat(ids(all, "observed"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FindingType.values()).map(FindingType::id).toList());
        assertThat(ids(all, "not observed")).containsExactlyInAnyOrderElementsOf(reasons);
        assertThat(all.values()).containsOnly("observed", "not observed", "to come");
    }

    private static List<String> ids(Map<String, String> table, String state) {
        return table.entrySet().stream()
                .filter(row -> row.getValue().equals(state))
                .map(Map.Entry::getKey)
                .toList();
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
