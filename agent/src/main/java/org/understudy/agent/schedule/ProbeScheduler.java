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
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;

/**
 * Runs probes by Quartz. Each run arms the trigger of the next one, so that a probe never overlaps itself and a missed run is
 * not made up for. A probe that would have to wait for its turn at a server is put off and holds no thread meanwhile. Thread-safe.
 */
public final class ProbeScheduler implements Managed {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeScheduler.class);
    private static final double JITTER = 0.1;
    private static final String HOUSEKEEPING = "housekeeping";
    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofHours(1);
    /** So many probes a second begin at most when all of them begin. */
    private static final int START_RATE = 20;

    private static final Duration START_SPREAD = Duration.ofSeconds(2);
    /** A first look costs more than those after it, so that a short interval is too short for those of a thousand domains. */
    private static final Duration LONGEST_START = Duration.ofMinutes(3);
    /** How soon a probe looks again whether it is its turn. */
    private static final Duration TURN = Duration.ofMillis(500);

    /** When a run was due before it was put off. */
    private static final String DUE = "due";

    /** A probe that has not run for this many intervals is overdue. */
    private static final int OVERDUE_INTERVALS = 3;

    private final Map<String, ScheduledProbe> probes;
    private final Consumer<ProbeResult> sink;
    private final Runnable housekeeping;
    private final Lateness lateness;
    private final LatenessMetric metric;
    private final Clock clock;
    private final Scheduler quartz;
    private final Map<String, Instant> lastRun = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    /**
     * @param threads probes that may run at the same time
     * @param sink gets every result, on the probe's thread
     * @param housekeeping runs once an hour
     * @param lateness told how late each run begins for lack of threads
     * @param metric told how late each run begins, for whatever reason
     */
    public ProbeScheduler(
            List<ScheduledProbe> probes,
            int threads,
            Consumer<ProbeResult> sink,
            Runnable housekeeping,
            Lateness lateness,
            LatenessMetric metric,
            Clock clock)
            throws SchedulerException {
        this.probes = probes.stream().collect(Collectors.toMap(p -> p.probe().id(), p -> p));
        this.sink = sink;
        this.housekeeping = housekeeping;
        this.lateness = lateness;
        this.metric = metric;
        this.clock = clock;
        Properties properties = new Properties();
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, "probes");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(threads));
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        this.quartz = new StdSchedulerFactory(properties).getScheduler();
        this.quartz.setJobFactory(new ProbeJobFactory());
    }

    /** Is told how late a probe begins. Thread-safe. */
    @FunctionalInterface
    public interface LatenessMetric {
        void observe(Duration late);
    }

    @Override
    public void start() throws SchedulerException {
        quartz.start();
        for (ScheduledProbe probe : probes.values()) {
            String id = probe.probe().id();
            Duration delay = Duration.ofMillis(
                    ThreadLocalRandom.current().nextLong(startSpread(probe).toMillis()));
            Instant due = clock.instant().plus(delay);
            lastRun.put(id, due);
            JobDetail job =
                    JobBuilder.newJob(Job.class).withIdentity(id).storeDurably().build();
            quartz.addJob(job, false);
            quartz.scheduleJob(trigger(id, due, due));
        }
        scheduleHousekeeping();
    }

    /** Few probes begin at once; many are spread, so that neither the agent nor the servers have them all at a time. */
    private Duration startSpread(ScheduledProbe probe) {
        Duration all = Duration.ofMillis(1000L * probes.size() / START_RATE);
        Duration longest = probe.interval().compareTo(LONGEST_START) > 0 ? probe.interval() : LONGEST_START;
        Duration spread = all.compareTo(longest) < 0 ? all : longest;
        return spread.compareTo(START_SPREAD) > 0 ? spread : START_SPREAD;
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

    private void run(String id, Instant triggered, Instant due) {
        ScheduledProbe scheduled = probes.get(id);
        if (scheduled == null || stopping) {
            return;
        }
        Instant now = clock.instant();
        lateness.began(id, Duration.between(triggered, now));
        Duration late = Duration.between(due, now);
        boolean hasToWait = scheduled.probe().hasToWait();
        if (hasToWait && late.compareTo(scheduled.allowance()) < 0) {
            arm(id, TURN, due);
            return;
        }
        metric.observe(late);
        long begun = System.nanoTime();
        try {
            sink.accept(
                    hasToWait ? keptWaiting(scheduled) : scheduled.probe().run(Deadline.after(scheduled.allowance())));
        } catch (RuntimeException e) {
            LOG.error("the result of probe {} could not be kept", id, e);
        } finally {
            lastRun.put(id, clock.instant());
            rearm(id, scheduled.interval().minusNanos(System.nanoTime() - begun));
        }
    }

    private ProbeResult keptWaiting(ScheduledProbe scheduled) {
        return new ResultBuilder(scheduled.probe(), clock)
                .unknown("the sessions that are allowed with its servers were taken for "
                        + scheduled.allowance().toSeconds() + " s")
                .build();
    }

    private void rearm(String id, Duration left) {
        double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        Duration delay = Duration.ofMillis(Math.max(1, (long) (left.toMillis() * factor)));
        arm(id, delay, clock.instant().plus(delay));
    }

    private void arm(String id, Duration delay, Instant due) {
        if (stopping) {
            return;
        }
        try {
            quartz.scheduleJob(trigger(id, clock.instant().plus(delay), due));
        } catch (SchedulerException e) {
            LOG.error("probe {} could not be scheduled again", id, e);
        }
    }

    private static Trigger trigger(String id, Instant at, Instant due) {
        return TriggerBuilder.newTrigger()
                .forJob(JobKey.jobKey(id))
                .usingJobData(DUE, due.toEpochMilli())
                .startAt(Date.from(at))
                .build();
    }

    private final class ProbeJobFactory implements JobFactory {
        @Override
        public Job newJob(TriggerFiredBundle bundle, Scheduler scheduler) {
            String id = bundle.getJobDetail().getKey().getName();
            return id.equals(HOUSEKEEPING)
                    ? context -> housekeeping.run()
                    : context -> run(
                            id,
                            context.getScheduledFireTime().toInstant(),
                            Instant.ofEpochMilli(
                                    context.getTrigger().getJobDataMap().getLong(DUE)));
        }
    }
}
