package org.understudy.interop.power;

import java.util.Random;

/** What of all that was not synced reached the disk. Confined to one thread, used for one state. */
interface Choice {
    /** The number of the state in which nothing is lost. */
    int ALL_THERE = 1;

    /** How many of the changes to one sector, or to one file's length, are on the disk; the first ones are. */
    int content(int pending);

    /** Whether a change of names is on the disk. */
    boolean name();

    /** For every state in the same order: all lost, all there, only names there, only content there, then random ones. */
    static Choice of(int number, long seed) {
        return switch (number) {
            case 0 -> fixed(false, false);
            case ALL_THERE -> fixed(true, true);
            case 2 -> fixed(false, true);
            case 3 -> fixed(true, false);
            default -> random(new Random(seed * 31 + number));
        };
    }

    private static Choice fixed(boolean content, boolean names) {
        return new Choice() {
            @Override
            public int content(int pending) {
                return content ? pending : 0;
            }

            @Override
            public boolean name() {
                return names;
            }
        };
    }

    private static Choice random(Random random) {
        // Sometimes nearly nothing, sometimes nearly all: most mistakes hide at the ends.
        double share = random.nextDouble();
        return new Choice() {
            @Override
            public int content(int pending) {
                if (random.nextDouble() < 0.5) {
                    return random.nextInt(pending + 1);
                }
                return random.nextDouble() < share ? pending : 0;
            }

            @Override
            public boolean name() {
                return random.nextDouble() < share;
            }
        };
    }
}
