/** The project's program, with the packaging changed before it begins. */
import "./default-packaging";

export * from "../../index";
