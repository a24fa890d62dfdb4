// Configuration for `startHardhat`. Hardhat requires the file inside a project with hardhat
// installed; output goes to a folder of the test.
const { HARDHAT_CHAIN_ID, HARDHAT_AUTOMINE, HARDHAT_MNEMONIC, HARDHAT_FOLDER } = process.env;

export default {
  paths: { artifacts: `${HARDHAT_FOLDER}/artifacts`, cache: `${HARDHAT_FOLDER}/cache` },
  networks: {
    node: {
      type: 'edr-simulated',
      chainId: Number(HARDHAT_CHAIN_ID),
      accounts: { mnemonic: HARDHAT_MNEMONIC },
      mining: { auto: HARDHAT_AUTOMINE === 'true', interval: 0 },
    },
  },
};
