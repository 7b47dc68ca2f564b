import { SDK_6 } from './sdks.js';
import { describeSdkContract } from './suites/sdk-contract.js';

describeSdkContract(SDK_6);
