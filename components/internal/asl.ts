/** Apart from what checks with it: it is loaded with the first state machine, and published with the packages it needs. */
import validate from "asl-validator";

export { validate };
