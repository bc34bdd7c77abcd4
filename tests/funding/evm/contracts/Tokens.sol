// SPDX-License-Identifier: Apache-2.0
// Small contracts that the tests put on a real node. Compiled once; their code stands in compiled.json (see compile.js).
pragma solidity ^0.8.0;

/// A token of the plain kind: whoever made it has all of it.
contract Plain {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";
    uint8 public constant decimals = 6;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor() {
        balanceOf[msg.sender] = 10 ** 40;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        require(allowance[from][msg.sender] >= value, "not allowed");
        allowance[from][msg.sender] -= value;
        emit Approval(from, msg.sender, allowance[from][msg.sender]);
        move(from, to, value);
        return true;
    }

    /// Two transfers in one transaction.
    function twice(address to, uint256 first, uint256 second) external {
        move(msg.sender, to, first);
        move(msg.sender, to, second);
    }

    function move(address from, address to, uint256 value) internal virtual {
        require(balanceOf[from] >= value, "not so much");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

/// A token that keeps a hundredth of what is sent, and logs the whole.
contract Greedy is Plain {
    function move(address from, address to, uint256 value) internal override {
        require(balanceOf[from] >= value, "not so much");
        balanceOf[from] -= value;
        balanceOf[to] += value - value / 100;
        emit Transfer(from, to, value);
    }
}

/// Of the same name and symbol as the plain one; logs what never was.
contract LookAlike {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";
    event Transfer(address indexed from, address indexed to, uint256 value);

    function transfer(address to, uint256 value) external returns (bool) {
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// Sends on what it is given, or fails.
contract Payer {
    function pay(address payable to) external payable {
        (bool sent, ) = to.call{value: msg.value}("");
        require(sent, "not sent");
    }

    function fail(address payable to) external payable {
        (bool sent, ) = to.call{value: msg.value}("");
        require(sent && false, "never");
    }
}
