package org.understudy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real logger with the queue that the configuration of the log gives it. */
class LogGatheringTest {
    private static final int LINES = 2_000;

    private final LoggerContext context = new LoggerContext();
    private final Written written = new Written();
    private final AsyncAppender queue = new AsyncAppender();

    @Test
    void allLines_areWrittenInOrder_alsoThoseThatWaitWhenItStops() {
        Logger logger = start();
        for (int i = 0; i < LINES; i++) {
            logger.info("line {}", i);
        }
        context.stop();
        assertThat(written.lines)
                .containsExactlyElementsOf(
                        IntStream.range(0, LINES).mapToObj(i -> "line " + i).toList());
    }

    private Logger start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        written.setContext(context);
        written.start();
        queue.setContext(context);
        queue.setDiscardingThreshold(0);
        queue.addAppender(written);
        queue.start();
        Logger logger = context.getLogger(Logger.ROOT_LOGGER_NAME);
        logger.addAppender(queue);
        LogGathering.install(context);
        return logger;
    }

    private static final class Written extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    }
}
