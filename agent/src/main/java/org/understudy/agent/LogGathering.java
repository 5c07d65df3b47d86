package org.understudy.agent;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets the thread that writes the log gather lines for some milliseconds instead of being woken for each: there is one for every
 * message that is received, and to wake a thread costs more than to handle a command. Passes every line. Confined to that thread.
 */
final class LogGathering extends Filter<ILoggingEvent> {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** Lines that come while it writes those it gathered do not make it pause again. */
    private static final long WRITING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AsyncAppenderBase<ILoggingEvent> queue;
    private long pausedUntil = System.nanoTime() - WRITING_NANOS;

    private LogGathering(AsyncAppenderBase<ILoggingEvent> queue) {
        this.queue = queue;
    }

    /** For every appender that has a queue and a thread; after the configuration of the log was read. */
    static void install(LoggerContext context) {
        for (Logger logger : context.getLoggerList()) {
            logger.iteratorForAppenders().forEachRemaining(appender -> {
                if (appender instanceof AsyncAppenderBase<ILoggingEvent> queue) {
                    queue.iteratorForAppenders().forEachRemaining(writer -> writer.addFilter(new LogGathering(queue)));
                }
            });
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        // Whoever logs waits when the queue is full.
        boolean room = queue.getRemainingCapacity() > queue.getQueueSize() / 2;
        if (room && System.nanoTime() - pausedUntil >= WRITING_NANOS) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
            pausedUntil = System.nanoTime();
        }
        return FilterReply.NEUTRAL;
    }
}
