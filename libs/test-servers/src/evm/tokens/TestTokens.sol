// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// What all tokens of the tests have in common. Anybody may mint and block: for local chains only.
/// Nothing is set by a constructor but immutables, so the code can be put at any address.
abstract contract Token {
    string public constant name = "Test Dollar";
    string public constant symbol = "USDT";
    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => bool) public blocked;

    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 value) external {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    /// As issuers of dollars can, at any time.
    function setBlocked(address who, bool on) external {
        blocked[who] = on;
    }

    function cannot(address from, address to, uint256 value) internal view returns (bool) {
        return blocked[from] || blocked[to] || balanceOf[from] < value;
    }

    function move(address from, address to, uint256 value) internal {
        require(!cannot(from, to, value), "cannot transfer");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

/// As ERC-20 has it: true, or reverted.
contract PlainToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }
}

/// As USDT on Ethereum: returns nothing.
contract SilentToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external {
        move(msg.sender, to, value);
    }
}

/// Returns false where others revert: its transaction succeeds and nobody is paid.
contract FalseToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external returns (bool) {
        if (cannot(msg.sender, to, value)) return false;
        move(msg.sender, to, value);
        return true;
    }
}

/// Returns true, and nobody is paid where others revert.
contract HollowToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external returns (bool) {
        if (!cannot(msg.sender, to, value)) move(msg.sender, to, value);
        return true;
    }
}

/// Keeps a hundredth of each transfer.
contract FeeToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external returns (bool) {
        uint256 kept = value / 100;
        move(msg.sender, address(this), kept);
        move(msg.sender, to, value - kept);
        return true;
    }
}

/// Moves the money and logs nothing: as a token after an upgrade, or one older than the event.
contract MuteToken is Token {
    constructor(uint8 decimals_) Token(decimals_) {}

    function transfer(address to, uint256 value) external returns (bool) {
        require(!cannot(msg.sender, to, value), "cannot transfer");
        balanceOf[msg.sender] -= value;
        balanceOf[to] += value;
        return true;
    }
}

/// A recipient that burns gas: taking coins writes a number of slots, each for some 22,000 units of gas.
contract Burner {
    uint256 public immutable slots;
    mapping(uint256 => uint256) private written;
    uint256 private next;

    constructor(uint256 slots_) {
        slots = slots_;
    }

    receive() external payable {
        for (uint256 slot = 0; slot < slots; slot++) written[next++] = block.number;
    }
}

/// A recipient that is a contract: taking coins costs it more than the 21000 of a plain transfer, and it can be shut.
contract Purse {
    uint256 public received;
    bool public shut;

    function setShut(bool on) external {
        shut = on;
    }

    receive() external payable {
        require(!shut, "shut");
        received += msg.value;
    }
}
