package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.ForwardPath;

class DirectoryRepliesTest {

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "anna%other.test, true",
        "other.test!anna, true",
        "\"\"\"anna@other.test\"\"\", true",
        "anna, false",
        "anna+tag, false",
        "bounce-12=anna=other.test, false",
        "100%, false",
        "!, false"
    })
    void localPartThatIsARoute_isSeen(String localPart, boolean route) {
        assertThat(DirectoryReplies.isRoute(new ForwardPath(localPart, Optional.of("example.org"))))
                .isEqualTo(route);
    }
}
