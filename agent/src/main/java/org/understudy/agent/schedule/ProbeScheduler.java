package org.understudy.agent.schedule;

import io.dropwizard.lifecycle.Managed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.spi.JobFactory;
import org.quartz.spi.TriggerFiredBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.self.Lateness;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.Deadline;

/**
 * Runs probes by Quartz. Each run arms the trigger of the next one, so that a probe never overlaps itself and a missed run is
 * not made up for. Thread-safe.
 */
public final class ProbeScheduler implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeScheduler.class);
    private static final double JITTER = 0.1;
    private static final String HOUSEKEEPING = "housekeeping";
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofHours(1);
    private static final Duration START_SPREAD = Duration.ofSeconds(2);
    /** A probe that has not run for this many intervals is overdue. */
    private static final int OVERDUE_INTERVALS = 3;

    private final Map<String, ScheduledProbe> probes;
    private final Consumer<ProbeResult> sink;
    private final Runnable housekeeping;
    private final Lateness lateness;
    private final Clock clock;
    private final Scheduler quartz;
    private final Map<String, Instant> lastRun = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * @param threads probes that may run at the same time
     * @param sink gets every result, on the probe's thread
     * @param housekeeping runs once an hour
     * @param lateness told how late each run begins
     */
    public ProbeScheduler(
            List<ScheduledProbe> probes,
            int threads,
            Consumer<ProbeResult> sink,
            Runnable housekeeping,
            Lateness lateness,
            Clock clock)
            throws SchedulerException {
        this.probes = probes.stream().collect(Collectors.toMap(p -> p.probe().id(), p -> p));
        this.sink = sink;
        this.housekeeping = housekeeping;
        this.lateness = lateness;
        this.clock = clock;
        Properties properties = new Properties();
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, "probes");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        this.quartz = new StdSchedulerFactory(properties).getScheduler();
        this.quartz.setJobFactory(new ProbeJobFactory());
    }

    @Override
    public void start() throws SchedulerException {
        quartz.start();
        for (String id : probes.keySet()) {
            lastRun.put(id, clock.instant());
            long delay = ThreadLocalRandom.current().nextLong(START_SPREAD.toMillis());
            JobDetail job =
                    JobBuilder.newJob(Job.class).withIdentity(id).storeDurably().build();
            quartz.addJob(job, false);
            quartz.scheduleJob(trigger(id, Duration.ofMillis(delay)));
        }
        scheduleHousekeeping();
    }

    private void scheduleHousekeeping() throws SchedulerException {
        quartz.scheduleJob(
                JobBuilder.newJob(Job.class).withIdentity(HOUSEKEEPING).build(),
                TriggerBuilder.newTrigger()
                        .startAt(Date.from(clock.instant().plus(HOUSEKEEPING_INTERVAL)))
                        .withSchedule(SimpleScheduleBuilder.repeatHourlyForever()
                                .withMisfireHandlingInstructionNextWithRemainingCount())
                        .build());
    }

    /** Starts no further runs; runs in progress go on. */
    public void halt() {
        stopping = true;
        try {
            quartz.standby();
        } catch (SchedulerException e) {
            LOG.warn("the scheduler cannot be halted: {}", e.getMessage());
        }
    }

    @Override
    public void stop() throws SchedulerException {
        stopping = true;
        quartz.shutdown(false);
    }

    /** The probe that has gone longest without a run, if that is too long. */
    public Optional<String> overdue() {
        Instant now = clock.instant();
        return probes.values().stream()
                .filter(p -> Duration.between(lastRun.getOrDefault(p.probe().id(), now), now)
                                .compareTo(p.interval()
                                        .multipliedBy(OVERDUE_INTERVALS)
                                        .plus(p.allowance()))
                        > 0)
                .map(p -> p.probe().id())
                .sorted()
                .findFirst();
    }

    private void run(String id, Date due) {
        ScheduledProbe scheduled = probes.get(id);
        if (scheduled == null || stopping) {
            return;
        }
        lateness.began(id, Duration.between(due.toInstant(), clock.instant()));
        long begun = System.nanoTime();
        try {
            sink.accept(scheduled.probe().run(Deadline.after(scheduled.allowance())));
        } catch (RuntimeException e) {
            LOG.error("the result of probe {} could not be kept", id, e);
        } finally {
            lastRun.put(id, clock.instant());
            rearm(id, scheduled.interval().minusNanos(System.nanoTime() - begun));
        }
    }

    private void rearm(String id, Duration left) {
        if (stopping) {
            return;
        }
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        long delay = Math.max(1, (long) (left.toMillis() * factor));
        try {
            quartz.scheduleJob(trigger(id, Duration.ofMillis(delay)));
        } catch (SchedulerException e) {
            LOG.error("probe {} could not be scheduled again", id, e);
        }
    }

    private Trigger trigger(String id, Duration delay) {
        return TriggerBuilder.newTrigger()
                .forJob(JobKey.jobKey(id))
                .startAt(Date.from(clock.instant().plus(delay)))
                .build();
    }

    private final class ProbeJobFactory implements JobFactory {
        @Override
        public Job newJob(TriggerFiredBundle bundle, Scheduler scheduler) {
            String id = bundle.getJobDetail().getKey().getName();
            return id.equals(HOUSEKEEPING)
                    ? context -> housekeeping.run()
                    : context -> run(id, context.getScheduledFireTime());
        }
    }
}
