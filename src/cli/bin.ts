#!/usr/bin/env node
import process from "node:process";
import { processHost } from "./host.ts";
import { main } from "./main.ts";

process.exitCode = await main(processHost());
